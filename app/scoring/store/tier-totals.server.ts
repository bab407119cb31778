import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { axes, tiers } from "#engine";

import { emptySums, rowsOf, type TierRows, type TierSums } from "./totals.ts";

/** Customers and money by tier, as the scores are now. */
export async function readTierRows(shop: ShopDomain): Promise<TierRows> {
  const { rows } = await pool.query<{
    axis: string;
    tier: string;
    customers: number;
    expected_spend: string;
    spent: string;
    probability: string;
  }>(
    `SELECT axis, tier, customers, expected_spend, spent, probability
       FROM tier_totals WHERE shop = $1`,
    [shop],
  );
  const sums = emptySums();
  for (const row of rows) {
    const axis = axes.find((name) => name === row.axis);
    const sum = axis && sums[axis][tiers.findIndex((name) => name === row.tier)];
    if (!sum) continue;
    sum.customers = row.customers;
    sum.expectedSpend = Number(row.expected_spend);
    sum.spent = Number(row.spent);
    sum.probability = Number(row.probability);
  }
  return rowsOf(sums);
}

/** In the transaction that replaces all scores of the shop. */
export async function replaceTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  await client.query("DELETE FROM tier_totals WHERE shop = $1", [shop]);
  await addToTotals(client, shop, sums);
}

/** In the transaction that changes some scores: what their customers add, less what they had. */
export async function addToTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  const rows = axes.flatMap((axis) =>
    tiers.map((tier, index) => ({ axis, tier, ...sums[axis][index] })),
  );
  await client.query(
    `INSERT INTO tier_totals AS t (shop, axis, tier, customers, expected_spend, spent, probability)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[])
     ON CONFLICT (shop, axis, tier) DO UPDATE SET
       customers = t.customers + excluded.customers,
       expected_spend = t.expected_spend + excluded.expected_spend,
       spent = t.spent + excluded.spent,
       probability = t.probability + excluded.probability`,
    [
      shop,
      rows.map((row) => row.axis),
      rows.map((row) => row.tier),
      rows.map((row) => row.customers),
      rows.map((row) => row.expectedSpend),
      rows.map((row) => row.spent),
      rows.map((row) => row.probability),
    ],
  );
}
