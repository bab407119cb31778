import { METAFIELDS_PER_CALL } from "#app/shopify/resources/metafields.ts";

import type { MetafieldKey, MetafieldValues } from "./metafields.ts";
import type { CustomerPlan } from "./plan-writes.ts";

export const batchKinds = [
  "tags-add",
  "metafields-set",
  "metafields-delete",
  "tags-remove",
] as const;
export type BatchKind = (typeof batchKinds)[number];

/** What one mutation does to one customer: a slice of that customer's plan. */
export type Write = {
  customerId: string;
  add?: string[];
  remove?: string[];
  set?: MetafieldValues;
  unset?: MetafieldKey[];
  /** The spend behind the figures in `set`. */
  spentMinor?: string;
};

/** One line of a bulk file, which is one call: the customers it writes. */
export type Line = Write[];

/**
 * The writes of a plan that may be sent now, by kind. Removing waits until the
 * tags that replace the old ones are known to be there: the next pass removes them.
 */
export function writesOf(
  customerId: string,
  plan: CustomerPlan,
): Partial<Record<BatchKind, Write>> {
  const { add, remove, set, unset } = plan;
  const spent = plan.spentMinor === null ? {} : { spentMinor: plan.spentMinor };
  const sets = Object.keys(set).length > 0;
  return {
    ...(add.length > 0 && { "tags-add": { customerId, add } }),
    ...(sets && { "metafields-set": { customerId, set, ...spent } }),
    ...(unset.length > 0 && {
      "metafields-delete": { customerId, unset, ...(sets ? {} : spent) },
    }),
    ...(remove.length > 0 && !waits(plan) && { "tags-remove": { customerId, remove } }),
  };
}

/** Whether some of the plan has to wait until the rest is known to be written. */
export function waits({ add, remove }: CustomerPlan): boolean {
  return remove.length > 0 && add.length > 0;
}

/** How many metafields a write touches. */
export function metafieldCount(write: Write): number {
  return Object.keys(write.set ?? {}).length + (write.unset ?? []).length;
}

/** Whether a write still fits into a line of its kind: a call for tags takes one customer. */
export function fits(kind: BatchKind, line: Line, write: Write): boolean {
  if (kind === "tags-add" || kind === "tags-remove") return line.length === 0;
  const present = line.reduce((sum, one) => sum + metafieldCount(one), 0);
  return present + metafieldCount(write) <= METAFIELDS_PER_CALL;
}
