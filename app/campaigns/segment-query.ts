import { type MetafieldKey, metafieldNamespace } from "#app/writeback/plan/metafields.ts";
import { tierTag } from "#app/writeback/plan/tags.ts";
import { axes } from "#engine";

import { criteriaOf, type Target, type TargetSegmentView } from "./target.ts";

/**
 * The segment forms, best first: by tag and fresh score, so that the segment empties itself when
 * Encore no longer scores, or by tag alone. Relative dates are documented for Shopify's own fields
 * but not for metafields, so each is tried.
 */
export const segmentForms = ["relative", "named", "tag"] as const;
export type SegmentForm = (typeof segmentForms)[number];

/**
 * The oldest fresh day in each form; it is relative, since with a fixed day no customer would ever
 * leave.
 */
const freshSince = {
  relative: { days: 14, literal: "-14d" },
  // Shopify has names for 7, 30 and 90 days; 7 is too short, since dates are renewed every 7 days.
  named: { days: 30, literal: "30_days_ago" },
} as const;

const SCORED_AT: MetafieldKey = "scored_at";
const METAFIELD = `metafields.${metafieldNamespace}.${SCORED_AT}`;

/** The tags that every customer of the target has. */
export function tagsOf(target: Target): string[] {
  const criteria = criteriaOf(target);
  return axes.flatMap((axis) => {
    const tier = criteria[axis];
    return tier === null ? [] : [tierTag(axis, tier)];
  });
}

/** Segment queries compare tags case-insensitively. */
export function queryOf(target: Target, form: SegmentForm): string {
  const plain = tagsOf(target)
    .map((tag) => `customer_tags CONTAINS '${tag}'`)
    .join(" AND ");
  return form === "tag" ? plain : `${plain} AND ${METAFIELD} >= ${freshSince[form].literal}`;
}

/**
 * Customers with the tag and an older score: if Shopify reads the date as meant, none of them is in
 * the segment.
 */
export function staleQuery(target: Target, form: Exclude<SegmentForm, "tag">): string {
  return `${queryOf(target, "tag")} AND ${METAFIELD} < ${freshSince[form].literal}`;
}

/**
 * The queries that a target's segment may have, best first.
 *
 * @param blocked metafield keys that are not written
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

/** The forms to try when one is refused or misread. */
export function formsAfter(form: SegmentForm): readonly SegmentForm[] {
  return segmentForms.slice(segmentForms.indexOf(form) + 1);
}

/**
 * After how many days without a new score a customer leaves a segment of this form; null: never.
 */
export function emptiesAfterDays(form: SegmentForm): number | null {
  return form === "tag" ? null : freshSince[form].days;
}

/** Whether `name` is the requested one, or that with Shopify's appended number. */
export function isNamed(name: string, asked: string): boolean {
  return name === asked || (name.startsWith(`${asked} (`) && name.endsWith(")"));
}

/** @param id numeric part of the gid; `adminUrl` is in App Bridge's form */
export function segmentView(id: string, name: string, query: string): TargetSegmentView {
  return {
    segmentId: id,
    name,
    query,
    adminUrl: `shopify://admin/customers/segments/${id}`,
  };
}
