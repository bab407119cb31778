/** Shopify's limit on the length of a tag. */
const LONGEST_TAG = 255;

/** The exclusion tag that the merchant typed (null for none), or why it is invalid. */
export type TypedTag =
  { kind: "tag"; tag: string | null } | { kind: "invalid"; problem: "comma" | "long" | "reserved" };

/** @param reserved our tier tags in lower case, since Shopify's tags are case-insensitive */
export function parseExclusionTag(typed: string, reserved: readonly string[]): TypedTag {
  const tag = typed.trim();
  if (tag === "") return { kind: "tag", tag: null };
  // Shopify separates tags by commas.
  if (tag.includes(",")) return { kind: "invalid", problem: "comma" };
  if (tag.length > LONGEST_TAG) return { kind: "invalid", problem: "long" };
  if (reserved.includes(tag.toLowerCase())) return { kind: "invalid", problem: "reserved" };
  return { kind: "tag", tag };
}

/**
 * Excluded by the button on the customer's page (`merchant`) or by the exclusion tag. `since` is an
 * ISO time.
 */
export type ExclusionReason = { source: "merchant" | "tag"; since: string };

/** The exclusions, as the settings page shows them. */
export type ExclusionView = {
  tag: string | null;
  /**
   * ISO time at which the tag's carriers were last read; null before the first reading has ended.
   */
  readAt: string | null;
  /** Set when the last reading failed; `nextAt` is the ISO time of the next one. */
  failed: { code: string; nextAt: string } | null;
  byTag: number;
  byHand: number;
};
