import pg from "pg";

import type { Stack } from "./stack.ts";

export type Figures = {
  orders: number;
  scored: number;
  /** Customers by tier on each axis. */
  tiers: Record<"clv" | "buy", Record<string, number>>;
  /** The codes of the unmet rules; empty when the shop is scored. */
  refused: string[];
};

type Gate = { code: string; passed: boolean }[];

/** Figures of the stack's shop from the app's database. */
export async function figuresOf(stack: Stack): Promise<Figures> {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const of = [stack.domain];
    const orders = await client.query<{ count: number }>(
      "select count(*)::int as count from orders where shop = $1",
      of,
    );
    const tiers = await client.query<{ clv_tier: string; buy_tier: string; count: number }>(
      "select clv_tier, buy_tier, count(*)::int as count from scores where shop = $1 group by 1, 2",
      of,
    );
    const run = await client.query<{ outcome: string; gate: Gate }>(
      "select outcome, gate from scoring_runs where shop = $1 and not reconstructed order by created_at desc limit 1",
      of,
    );
    const figures: Figures = {
      orders: orders.rows[0]?.count ?? 0,
      scored: 0,
      tiers: { clv: {}, buy: {} },
      refused: [],
    };
    for (const row of tiers.rows) {
      figures.scored += row.count;
      figures.tiers.clv[row.clv_tier] = (figures.tiers.clv[row.clv_tier] ?? 0) + row.count;
      figures.tiers.buy[row.buy_tier] = (figures.tiers.buy[row.buy_tier] ?? 0) + row.count;
    }
    const latest = run.rows[0];
    if (latest?.outcome === "refused") {
      figures.refused = latest.gate.filter((rule) => !rule.passed).map((rule) => rule.code);
    }
    return figures;
  } finally {
    await client.end();
  }
}
