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

/** The part of a customer's plan that one mutation carries out. */
export type Write = {
  customerId: string;
  add?: string[];
  remove?: string[];
  set?: MetafieldValues;
  unset?: MetafieldKey[];
  /** The spend so far that belongs to the figures in `set`. */
  spentMinor?: string;
};

/** One line of a bulk file, which Shopify runs as one call: one write for each customer. */
export type Line = Write[];

/**
 * The writes of a plan that may be sent now, by kind. Tags are removed by the next pass, when the
 * tags that replace them are known to be written.
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

/** Whether the plan has removals that must wait for its additions. */
export function waits({ add, remove }: CustomerPlan): boolean {
  return remove.length > 0 && add.length > 0;
}

/** How many metafields a write sets or deletes. */
export function metafieldCount(write: Write): number {
  return Object.keys(write.set ?? {}).length + (write.unset ?? []).length;
}

/** Whether a write still fits into a line of its kind. A tag mutation takes one customer. */
export function fits(kind: BatchKind, line: Line, write: Write): boolean {
  if (kind === "tags-add" || kind === "tags-remove") return line.length === 0;
  const present = line.reduce((sum, one) => sum + metafieldCount(one), 0);
  return present + metafieldCount(write) <= METAFIELDS_PER_CALL;
}
