import { metafieldNamespace, type MetafieldKey } from "#app/writeback/metafields.ts";
import { tierTag } from "#app/writeback/tags.ts";

import type { Target, TargetSegmentView } from "./target.ts";

/** Scores older than this are out of date: a segment of them would speak of another time. */
const FRESH_DAYS = 14;

/**
 * The queries a segment of the target may have, the best first. The first also asks for a fresh
 * score, so that the segment empties itself when Encore no longer scores; Shopify may refuse that
 * where our metafield is not filterable. Tags are compared without regard to case there.
 *
 * @param blocked keys of metafields that the merchant's own definitions use: ours are not written
 */
export function segmentQueries(
  target: Target,
  blocked: readonly string[],
): [best: string, ...others: string[]] {
  const plain = plainQuery(target);
  return blocked.includes(SCORED_AT) ? [plain] : [`${plain} AND ${FRESH}`, plain];
}

/** Whom it holds, whenever they were scored. */
export function plainQuery(target: Target): string {
  return `customer_tags CONTAINS '${tierTag(target.axis, target.tier)}'`;
}

const SCORED_AT: MetafieldKey = "scored_at";
const FRESH = `metafields.${metafieldNamespace}.${SCORED_AT} >= -${String(FRESH_DAYS)}d`;

/** Whether a segment empties itself when scores grow old. */
export function emptiesItself(query: string): boolean {
  return query.endsWith(FRESH);
}

/** Whether Shopify may have given a segment this name for the one that was asked for. */
export function isNamed(name: string, asked: string): boolean {
  return name === asked || (name.startsWith(`${asked} (`) && name.endsWith(")"));
}

/** The segment's page in the admin, as App Bridge takes it; `id` is the numeric part of the gid. */
export function segmentView(id: string, name: string, query: string): TargetSegmentView {
  return {
    segmentId: id,
    name,
    query,
    adminUrl: `shopify://admin/customers/segments/${id}`,
  };
}
