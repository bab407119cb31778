/** Shopify's counts of customers for a segment of ours; null when it refuses the query. */
export type Counted = {
  /** Those with the tag. */
  tagged: number | null;
  /** Those in the segment. */
  members: number | null;
  /** Those with the tag and an old score; 0 for a segment by tag alone. */
  stale: number | null;
};

/** Our own counts of the same customers. */
export type KnownMembers = {
  /** Those of the tier. */
  tier: number;
  /** Those with the tag, and those with the tag and a fresh score. */
  tagged: number;
  fresh: number;
  /** Those with the tag who were written recently, so that Shopify's index may lag behind. */
  recent: number;
  /** Customers of any tier who were written recently or have pending writes. */
  moving: number;
};

/**
 * `misread`: Shopify refuses the query or reads it differently than meant; `differs`: the query is
 * read well, but the segment is not the tier; `too-early`: inconclusive, because of Shopify's lag
 * or without customers to compare.
 */
export type Verdict = "right" | "misread" | "differs" | "too-early";

/** Shopify counts up to 25,000 and returns this for more. */
const COUNT_CAP = 25_001;

/**
 * Judges a segment by Shopify's counts and ours.
 *
 * A date condition that matches nobody shows in too few members; one that matches everybody shows
 * in too many stale customers. Both are compared with the customers who have the tag in Shopify,
 * since missing tags are not the fault of the date.
 */
export function judge({ tagged, members, stale }: Counted, known: KnownMembers): Verdict {
  if (tagged === null) return "too-early";
  if (members === null || stale === null) return "misread";
  if (tagged === 0 && known.tagged === 0 && known.tier === 0) return "too-early";
  const capped = Math.max(tagged, members, stale) >= COUNT_CAP;
  const seen = (customers: number) => (capped ? Math.min(customers, COUNT_CAP) : customers);
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
