import { asOfDayAt, isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { pool, prisma } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { hasCountedOrder } from "#app/orders/purchases/purchase-days.server.ts";
import { readExclusion } from "#app/scoring/exclusion/exclusion.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readNames } from "#app/shopify/resources/customers.server.ts";
import type { Tier } from "#engine";

import {
  type CustomerScore,
  type CustomerView,
  customerView,
  type TierMove,
  type UnscoredCustomer,
} from "./customer.ts";
import { readHistory } from "./customer-history.server.ts";

const MOVES = 8;

export type CustomerAnswer =
  { kind: "scored"; view: CustomerView } | { kind: "unscored"; view: UnscoredCustomer };

/**
 * Reads what explains a customer's tiers, or why there is no score. The name is read from Shopify
 * and never stored.
 *
 * @returns null when there is nothing to show: no counted order, or no scored run
 * @throws AppError when Shopify cannot be used
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
  const { currency, timeZone, exclusionTag } = facts;
  const asOfDay = asOfDayAt(now(), timeZone);
  // Shopify's answer takes longest: what else is needed is read meanwhile.
  const [names, history] = await Promise.all([
    readNames(adminClient(shop), [customerId]),
    run && score ? readHistory(shop, customerId, { ...run, asOfDay }) : null,
  ]);
  const name = names.get(customerId) ?? null;
  if (excluded || !run?.scored || !score || !history) {
    return { kind: "unscored", view: { customerId, name, timeZone, exclusions, exclusionTag } };
  }
  const { horizonDays } = run;
  const { fit } = run.scored;
  const today = isoDay(asOfDay - 1);
  const about = { customerId, name, currency, horizonDays, today };
  const view = customerView({ ...about, ...history, fit, score, moves });
  return { kind: "scored", view };
}

type ScoreRow = Omit<CustomerScore, "spentMinor" | "tiers"> & {
  spentMinor: string;
  clvTier: Tier;
  buyTier: Tier;
};

async function readScore(shop: ShopDomain, customer: CustomerId): Promise<CustomerScore | null> {
  const { rows } = await pool.query<ScoreRow>(
    `select frequency, recency_days as "recencyDays", age_days as "ageDays",
            mean_spend_minor as "meanSpendMinor", spent_minor as "spentMinor",
            buy_probability as "buyProbability", expected_spend_minor as "expectedSpendMinor",
            spend_low_minor as "spendLowMinor", spend_high_minor as "spendHighMinor",
            spend_low_if_any_minor as "spendLowIfAnyMinor",
            spend_high_if_any_minor as "spendHighIfAnyMinor",
            next_order_from::text as "nextOrderFrom", next_order_to::text as "nextOrderTo",
            clv_tier as "clvTier", buy_tier as "buyTier"
       from scores where shop = $1 and customer_id = $2`,
    [shop, customer],
  );
  const [row] = rows;
  if (!row) return null;
  const { clvTier, buyTier, spentMinor, ...figures } = row;
  return { ...figures, spentMinor: Number(spentMinor), tiers: { clv: clvTier, buy: buyTier } };
}

async function readMoves(shop: ShopDomain, customer: CustomerId): Promise<TierMove[]> {
  const { rows } = await pool.query<TierMove>(
    `select axis, from_tier as "from", to_tier as "to", why, (as_of - 1)::text as "on", reconstructed
       from tier_changes where shop = $1 and customer_id = $2
      order by as_of desc, changed_at desc, axis limit ${String(MOVES)}`,
    [shop, customer],
  );
  return rows;
}
