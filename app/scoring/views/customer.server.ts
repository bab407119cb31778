import { pool, prisma } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { hasCountedOrder } from "#app/orders/purchases/purchase-days.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readNames } from "#app/shopify/resources/customers.server.ts";
import type { Tier } from "#engine";

import {
  customerView,
  type CustomerScore,
  type CustomerView,
  type TierMove,
  type UnscoredCustomer,
} from "./customer.ts";
import { readExclusion } from "#app/scoring/exclusion/exclusion.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";

const MOVES = 8;

export type CustomerAnswer =
  { kind: "scored"; view: CustomerView } | { kind: "unscored"; view: UnscoredCustomer };

/**
 * Reads why a customer is where it is, or why it has no score. The name is asked of Shopify now and
 * never kept.
 *
 * @returns null when there is nothing to say: no counted order, or a refused scoring
 * @throws AppError when Shopify cannot be asked
 */
export async function readCustomer(
  shop: ShopDomain,
  customerId: CustomerId,
): Promise<CustomerAnswer | null> {
  const [facts, run, score, moves, exclusions] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readLatestRun(shop),
    readScore(shop, customerId),
    readMoves(shop, customerId),
    readExclusion(shop, customerId),
  ]);
  const excluded = exclusions.length > 0;
  if (!excluded && (!run?.scored || !(score ?? (await hasCountedOrder(shop, customerId))))) {
    return null;
  }
  const names = await readNames(adminClient(shop), [customerId]);
  const name = names.get(customerId) ?? null;
  if (excluded || !run?.scored || !score) {
    const { timeZone, exclusionTag } = facts;
    return { kind: "unscored", view: { customerId, name, timeZone, exclusions, exclusionTag } };
  }
  const { currency } = facts;
  const { horizonDays } = run;
  const { fit } = run.scored;
  const sources = { customerId, name, currency, horizonDays, fit, score, moves };
  return { kind: "scored", view: customerView(sources) };
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
