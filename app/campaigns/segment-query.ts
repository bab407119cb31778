import { metafieldNamespace, type MetafieldKey } from "#app/writeback/plan/metafields.ts";
import { tierTag } from "#app/writeback/plan/tags.ts";

import type { Target, TargetSegmentView } from "./target.ts";

/**
 * The ways in which a segment can ask for whom it holds, the best first: by the tag and a fresh score,
 * so that it empties itself when Encore no longer scores, or by the tag alone. What Shopify makes of
 * a date that moves is documented for its own dates and not for metafields, so that each is tried.
 */
export const segmentForms = ["relative", "named", "tag"] as const;
export type SegmentForm = (typeof segmentForms)[number];

/** How a form writes the oldest day that is still fresh; a fixed day would never let anybody go. */
const freshSince = {
  relative: { days: 14, literal: "-14d" },
  // Shopify names 7, 30 and 90 days; dates are renewed every 7.
  named: { days: 30, literal: "30_days_ago" },
} as const;

const SCORED_AT: MetafieldKey = "scored_at";
const METAFIELD = `metafields.${metafieldNamespace}.${SCORED_AT}`;

/** Tags are compared without regard to case there. */
export function queryOf(target: Target, form: SegmentForm): string {
  const plain = `customer_tags CONTAINS '${tierTag(target.axis, target.tier)}'`;
  return form === "tag" ? plain : `${plain} AND ${METAFIELD} >= ${freshSince[form].literal}`;
}

/** Who has the tag and an older score: whoever reads the date as it is meant finds none of the segment's. */
export function staleQuery(target: Target, form: Exclude<SegmentForm, "tag">): string {
  return `${queryOf(target, "tag")} AND ${METAFIELD} < ${freshSince[form].literal}`;
}

/**
 * The queries a segment of the target may have, the best first.
 *
 * @param blocked keys of metafields that the merchant's own definitions use: ours are not written
 */
export function segmentQueries(
  target: Target,
  blocked: readonly string[],
): [best: string, ...others: string[]] {
  const plain = queryOf(target, "tag");
  if (blocked.includes(SCORED_AT)) return [plain];
  return [queryOf(target, "relative"), queryOf(target, "named"), plain];
}

/** The form of a query of ours; null for any other query. */
export function formOf(target: Target, query: string): SegmentForm | null {
  return segmentForms.find((form) => queryOf(target, form) === query) ?? null;
}

/** The forms to try when one is refused or read otherwise than it is meant. */
export function formsAfter(form: SegmentForm): readonly SegmentForm[] {
  return segmentForms.slice(segmentForms.indexOf(form) + 1);
}

/** After how many days without a new score a segment of the form lets go of a customer; null: never. */
export function emptiesAfterDays(form: SegmentForm): number | null {
  return form === "tag" ? null : freshSince[form].days;
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
