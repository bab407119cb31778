/** How many customers Shopify finds for a segment of ours; null where it refuses the query. */
export type Counted = {
  /** Those with the tag. */
  tagged: number | null;
  /** Those in the segment. */
  members: number | null;
  /** Those with the tag and an old score; nobody where the segment goes by the tag alone. */
  stale: number | null;
};

/** What is known here of the same customers. */
export type KnownMembers = {
  /** Those of the tier. */
  tier: number;
  /** Those who have the tag, and of these those with a score that the segment takes for fresh. */
  tagged: number;
  fresh: number;
  /** Those with the tag whom Shopify may not yet see as they are, since they were written lately. */
  recent: number;
  /** Customers of any tier who were written lately or are still to be. */
  moving: number;
};

/**
 * `misread`: the query is refused, or Shopify reads it otherwise than it is meant; `differs`: it is read
 * well, and yet the segment is not the tier; `too-early`: neither can be told, for Shopify's lag or
 * because there is nobody to compare.
 */
export type Verdict = "right" | "misread" | "differs" | "too-early";

/** Shopify counts to 25,000, and says this of more. */
const MOST_COUNTED = 25_001;

/**
 * Judges a segment by what Shopify finds and what is known here.
 *
 * A date that is taken for nobody's shows in the members, one that is taken for everybody's in those who
 * should have been let go. Both are compared with who has the tag in Shopify too: where tags are missing
 * there, the date is not at fault.
 */
export function judge({ tagged, members, stale }: Counted, known: KnownMembers): Verdict {
  if (tagged === null) return "too-early";
  if (members === null || stale === null) return "misread";
  if (tagged === 0 && known.tagged === 0 && known.tier === 0) return "too-early";
  const capped = Math.max(tagged, members, stale) >= MOST_COUNTED;
  const seen = (customers: number) => (capped ? Math.min(customers, MOST_COUNTED) : customers);
  const fresh = seen(known.fresh);
  const old = seen(known.tagged) - fresh;
  const there = Math.max(0, tagged - old);
  const asMeant = members === fresh && stale <= old && fresh > 0;
  if (!asMeant) {
    const missesSome = members < Math.min(fresh, there) - known.recent;
    const keepsOld = stale > old + known.recent;
    if (missesSome || keepsOld) return "misread";
    if (known.recent > 0 && known.recent >= Math.max(fresh, there) / 2) return "too-early";
  }
  return Math.abs(members - seen(known.tier)) <= known.moving ? "right" : "differs";
}
