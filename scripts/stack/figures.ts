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
      "SELECT count(*)::int AS count FROM orders WHERE shop = $1",
      of,
    );
    const tiers = await client.query<{ clv_tier: string; buy_tier: string; count: number }>(
      "SELECT clv_tier, buy_tier, count(*)::int AS count FROM scores WHERE shop = $1 GROUP BY 1, 2",
      of,
    );
    const run = await client.query<{ outcome: string; gate: Gate }>(
      "SELECT outcome, gate FROM scoring_runs WHERE shop = $1 AND NOT reconstructed ORDER BY created_at DESC LIMIT 1",
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
