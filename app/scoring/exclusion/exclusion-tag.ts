/** Shopify's limit on the length of a tag. */
const LONGEST_TAG = 255;

/** What the merchant typed as the exclusion tag: a tag, none, or what is wrong with it. */
export type TypedTag =
  { kind: "tag"; tag: string | null } | { kind: "invalid"; problem: "comma" | "long" | "reserved" };

/**
 * @param reserved tags that say what came of a scoring: they cannot say who is left out of it;
 *   lower-case, as Shopify compares tags without regard to case
 */
export function parseExclusionTag(typed: string, reserved: readonly string[]): TypedTag {
  const tag = typed.trim();
  if (tag === "") return { kind: "tag", tag: null };
  // A comma separates tags wherever Shopify takes several.
  if (tag.includes(",")) return { kind: "invalid", problem: "comma" };
  if (tag.length > LONGEST_TAG) return { kind: "invalid", problem: "long" };
  if (reserved.includes(tag.toLowerCase())) return { kind: "invalid", problem: "reserved" };
  return { kind: "tag", tag };
}

/** By the button on the customer's page, or by the tag the merchant chose. `since` is ISO time. */
export type ExclusionReason = { source: "merchant" | "tag"; since: string };

/** Who is left out of scoring, as the settings show it. */
export type ExclusionView = {
  tag: string | null;
  /** ISO time at which those who carry it were last read; null while they are still looked for. */
  readAt: string | null;
  /** The last try to read them failed; `nextAt` is the ISO time of the next one. Null when it did not. */
  failed: { code: string; nextAt: string } | null;
  byTag: number;
  byHand: number;
};
