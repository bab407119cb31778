import pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import { isNone, noRules, type OrderRules } from "./order-rules.ts";

export async function readOrderRules(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<OrderRules> {
  const { rows } = await connection.query<{ rules: Partial<OrderRules> | null }>(
    "select order_rules as rules from shops where shop = $1",
    [shop],
  );
  return { ...noRules, ...rows[0]?.rules };
}

/**
 * SQL condition: the rules leave an order out. It is the only place that decides this, at each
 * reading, so that a change of the rules needs no change of the stored orders.
 */
export function leavesOut({ tags, channels }: OrderRules): string {
  const list = (names: string[]) => names.map((name) => pg.escapeLiteral(name));
  const conditions = [
    // Of the whole array at once: a subquery for each order would take seconds in a large shop.
    tags.length > 0 &&
      `lower(tags::text)::text[] && array[${list(tags)
        .map((tag) => `lower(${tag})`)
        .join(", ")}]`,
    channels.length > 0 &&
      `lower(channel) in (${list(channels)
        .map((channel) => `lower(${channel})`)
        .join(", ")})`,
  ].filter((condition) => condition !== false);
  if (conditions.length === 0) return "false";
  return `(${conditions.map((condition) => `coalesce(${condition}, false)`).join(" or ")})`;
}

/**
 * SQL condition: a stored order was worth nothing from the start. One that was refunded in full is
 * worth nothing too, and never counts.
 */
export const WORTH_NOTHING = "(amount_minor = 0 and coalesce(financial_status, '') <> 'REFUNDED')";

/** Stores the rules, and enqueues the scoring that applies them to all customers. */
export async function chooseOrderRules(shop: ShopDomain, rules: OrderRules): Promise<void> {
  await inTransaction(async (client) => {
    const stored = isNone(rules) ? null : JSON.stringify(rules);
    const { rowCount } = await client.query(
      `update shops set order_rules = $2
        where shop = $1 and order_rules is distinct from $2::jsonb`,
      [shop, stored],
    );
    const scored = await client.query("select 1 from scoring_runs where shop = $1 limit 1", [shop]);
    if (rowCount === 0 || scored.rowCount === 0) return;
    await showWaiting(client, shop, { task: "score" });
    await enqueue("scoring.run", { shop }, { client, soon: true });
  });
}
