import { pool, prisma } from "#app/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/ids.ts";
import { adminClient } from "#app/shopify/client.server.ts";
import { readNames } from "#app/shopify/customers.server.ts";
import type { Tier } from "#engine";

import { customerView, type CustomerScore, type CustomerView, type TierMove } from "./customer.ts";
import { readLatestRun } from "./latest-run.server.ts";

const MOVES = 8;

/**
 * Reads why a customer is where it is. The name is asked of Shopify now and never kept.
 *
 * @returns null when the customer has no score: no counted order, or a refused scoring
 * @throws AppError when Shopify cannot be asked
 */
export async function readCustomer(
  shop: ShopDomain,
  customerId: CustomerId,
): Promise<CustomerView | null> {
  const [facts, run, score, moves] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readLatestRun(shop),
    readScore(shop, customerId),
    readMoves(shop, customerId),
  ]);
  if (!run?.scored || !score) return null;
  const names = await readNames(adminClient(shop), [customerId]);
  return customerView({
    customerId,
    name: names.get(customerId) ?? null,
    currency: facts.currency,
    horizonDays: run.horizonDays,
    fit: run.scored.fit,
    score,
    moves,
  });
}

type ScoreRow = Omit<CustomerScore, "spentMinor" | "tiers"> & {
  spentMinor: string;
  clvTier: Tier;
  buyTier: Tier;
};

async function readScore(shop: ShopDomain, customer: CustomerId): Promise<CustomerScore | null> {
  const { rows } = await pool.query<ScoreRow>(
    `SELECT frequency, recency_days AS "recencyDays", age_days AS "ageDays",
            mean_spend_minor AS "meanSpendMinor", spent_minor AS "spentMinor",
            buy_probability AS "buyProbability", expected_spend_minor AS "expectedSpendMinor",
            spend_low_minor AS "spendLowMinor", spend_high_minor AS "spendHighMinor",
            next_order_from::text AS "nextOrderFrom", next_order_to::text AS "nextOrderTo",
            clv_tier AS "clvTier", buy_tier AS "buyTier"
       FROM scores WHERE shop = $1 AND customer_id = $2`,
    [shop, customer],
  );
  const [row] = rows;
  if (!row) return null;
  const { clvTier, buyTier, spentMinor, ...figures } = row;
  return { ...figures, spentMinor: Number(spentMinor), tiers: { clv: clvTier, buy: buyTier } };
}

async function readMoves(shop: ShopDomain, customer: CustomerId): Promise<TierMove[]> {
  const { rows } = await pool.query<TierMove>(
    `SELECT axis, from_tier AS "from", to_tier AS "to", why, (as_of - 1)::text AS "on", reconstructed
       FROM tier_changes WHERE shop = $1 AND customer_id = $2
      ORDER BY as_of DESC, changed_at DESC, axis LIMIT ${String(MOVES)}`,
    [shop, customer],
  );
  return rows;
}
