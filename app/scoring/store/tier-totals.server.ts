import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { axes, tiers } from "#engine";

import {
  cellName,
  cells,
  emptySums,
  type GridCell,
  gridOf,
  rowsOf,
  type Sum,
  type TierRows,
  type TierSums,
} from "./totals.ts";

/** The grid's cells are stored beside the axes, under this name. */
const GRID = "grid";

export type TierFigures = TierRows & { grid: GridCell[] | null };

/** Customers and amounts by tier and by cell of the grid, by the current scores. */
export async function readTierRows(shop: ShopDomain): Promise<TierFigures> {
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
  const all = places(sums);
  for (const row of rows) {
    const sum = all.find(({ axis, tier }) => axis === row.axis && tier === row.tier)?.sum;
    if (!sum) continue;
    sum.customers = row.customers;
    sum.expectedSpend = Number(row.expected_spend);
    sum.spent = Number(row.spent);
    sum.probability = Number(row.probability);
  }
  return { ...rowsOf(sums), grid: gridOf(sums) };
}

/** Where each sum is stored. */
function places(sums: TierSums): { axis: string; tier: string; sum: Sum }[] {
  return [
    ...axes.flatMap((axis) => tiers.map((tier, i) => ({ axis, tier, sum: sums[axis][i] }))),
    ...cells.map((cell, i) => ({ axis: GRID, tier: cellName(cell), sum: sums.grid[i] })),
  ];
}

/** To be called in the transaction that replaces all scores of the shop. */
export async function replaceTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  await client.query("delete from tier_totals where shop = $1", [shop]);
  await insertTotals(client, shop, { sums, withGrid: true });
}

/**
 * Adds sums, negative for removed scores, in the transaction that changes scores. Cells are added
 * only to a grid that covers all customers, which every scoring of the whole shop leaves.
 */
export async function addToTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  sums: TierSums,
): Promise<void> {
  await insertTotals(client, shop, { sums, withGrid: false });
}

async function insertTotals(
  client: pg.PoolClient,
  shop: ShopDomain,
  /** With the grid also where the shop has none yet. */
  { sums, withGrid }: { sums: TierSums; withGrid: boolean },
): Promise<void> {
  const rows = places(sums).map(({ sum, ...place }) => ({ ...place, ...sum }));
  await client.query(
    `insert into tier_totals as t (shop, axis, tier, customers, expected_spend, spent, probability)
     select $1, each.*
       from unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[])
         as each (axis, tier, customers, expected_spend, spent, probability)
      where $8 or each.axis <> $9
         or exists (select from tier_totals where shop = $1 and axis = $9)
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
      withGrid,
      GRID,
    ],
  );
}
