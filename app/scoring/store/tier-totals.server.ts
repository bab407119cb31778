import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { axes, tiers } from "#engine";

import { emptySums, rowsOf, type TierRows, type TierSums } from "./totals.ts";

/** Customers and amounts by tier, by the current scores. */
export async function readTierRows(shop: ShopDomain): Promise<TierRows> {
  const { rows } = await pool.query<{
    axis: string;
    tier: string;
    customers: number;
    expected_spend: string;
    spent: string;
    probability: string;
  }>(
    `select axis, tier, customers, expected_spend, spent, probability
       from tier_totals where shop = $1`,
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

/** To be called in the transaction that replaces all scores of the shop. */
export async function replaceTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  await client.query("delete from tier_totals where shop = $1", [shop]);
  await addToTotals(client, shop, sums);
}

/** Adds sums, negative for removed scores, in the transaction that changes scores. */
export async function addToTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  const rows = axes.flatMap((axis) =>
    tiers.map((tier, index) => ({ axis, tier, ...sums[axis][index] })),
  );
  await client.query(
    `insert into tier_totals as t (shop, axis, tier, customers, expected_spend, spent, probability)
     select $1, * from unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[])
     on conflict (shop, axis, tier) do update set
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
