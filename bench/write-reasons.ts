import type { ShopDomain } from "#app/lib/ids.ts";
import { desiredStateOf } from "#app/writeback/plan/desired-state.ts";
import { isEmpty, planCustomer } from "#app/writeback/plan/plan-writes.ts";
import { diffPages } from "#app/writeback/state/diff.server.ts";
import { readDesiredOptions } from "#app/writeback/state/planned-writes.server.ts";

/** Customers to write by reason; each counts once, for the first that applies. */
export type Reasons = Record<"first" | "order" | "tier" | "value" | "renewal", number> & {
  /** What is written for them. */
  tags: number;
  metafields: number;
};

/** The reasons for the writes that are due now, from the app's own plans. */
export async function countReasons(shop: ShopDomain): Promise<Reasons> {
  const counts = { first: 0, order: 0, tier: 0, value: 0, renewal: 0, tags: 0, metafields: 0 };
  const options = await readDesiredOptions(shop);
  if (!options) return counts;
  for await (const page of diffPages(shop, options, { atLeast: 0, atMost: 0 })) {
    for (const { customerId, known, score } of page) {
      const plan = planCustomer(customerId, known, score && desiredStateOf(score, options));
      if (isEmpty(plan)) continue;
      counts.tags += plan.add.length + plan.remove.length;
      counts.metafields += Object.keys(plan.set).length + plan.unset.length;
      if (known.spentMinor === null) counts.first += 1;
      else if (known.spentMinor !== score?.spentMinor) counts.order += 1;
      else if (plan.add.length > 0) counts.tier += 1;
      else if (plan.spentMinor !== null) counts.value += 1;
      else counts.renewal += 1;
    }
  }
  return counts;
}
