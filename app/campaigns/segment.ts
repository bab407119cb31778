import { tierTag } from "#app/writeback/tags.ts";

import type { Target, TargetSegmentView } from "./target.ts";

/** The segment's query in Shopify's language. Tags are compared without regard to case there. */
export function segmentQuery(target: Target): string {
  return `customer_tags CONTAINS '${tierTag(target.axis, target.tier)}'`;
}

/** The segment's page in the admin, as App Bridge takes it; `id` is the numeric part of the gid. */
export function segmentView(id: string, name: string): TargetSegmentView {
  return { segmentId: id, name, adminUrl: `shopify://admin/customers/segments/${id}` };
}
