import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { type Tier, tiers } from "#engine";

import { markPending } from "./pending-writes.server.ts";
import { addToTotals } from "./tier-totals.server.ts";
import { addTo, emptySums } from "./totals.ts";

type ShownRow = {
  clv_tier: Tier;
  buy_tier: Tier;
  expected_spend_minor: number;
  spent_minor: string;
  buy_probability: number;
};

/** Removes the scores of these customers and subtracts them from the totals. */
export async function removeScores(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly string[],
): Promise<void> {
  await takeLock(client, "scores", shop);
  const { rows } = await client.query<ShownRow>(
    `delete from scores where shop = $1 and customer_id = any($2)
     returning clv_tier, buy_tier, expected_spend_minor, spent_minor, buy_probability`,
    [shop, customerIds],
  );
  if (rows.length === 0) return;
  const sums = emptySums();
  for (const row of rows) {
    const counted = {
      tier: { clv: tiers.indexOf(row.clv_tier), buy: tiers.indexOf(row.buy_tier) },
      expectedSpend: row.expected_spend_minor,
      spent: Number(row.spent_minor),
      probability: row.buy_probability,
    };
    addTo(sums, counted, -1);
  }
  await addToTotals(client, shop, sums);
  await markPending(client, shop, customerIds);
}
