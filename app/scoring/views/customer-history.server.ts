import { isoDay } from "#app/lib/calendar.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { loadPurchasesOf } from "#app/orders/purchases/purchase-days.server.ts";
import type { Purchases } from "#engine";

import type { KeptLikelihood } from "./customer-timeline.ts";

/** Score updates are kept for about three weeks; a named day is one step in their index. */
const UPDATE_DAYS = 45;

type Asked = { horizonDays: number; asOfDay: number };

export type CustomerHistory = { purchases: Purchases; likelihood: KeptLikelihood[] };

/** What one customer bought, and what was expected of them when. */
export async function readHistory(
  shop: ShopDomain,
  customer: CustomerId,
  asked: Asked,
): Promise<CustomerHistory> {
  const [purchases, likelihood] = await Promise.all([
    readPurchases(shop, customer),
    readLikelihoods(shop, customer, asked),
  ]);
  return { purchases, likelihood };
}

/** The purchase days of one customer, as the engine reads them. */
async function readPurchases(shop: ShopDomain, customer: CustomerId): Promise<Purchases> {
  return inTransaction(async (client) => {
    const { purchases } = await loadPurchasesOf(client, shop, [customer]);
    return purchases;
  });
}

/**
 * The customer's likelihood on each day for which it was kept, oldest first: at most some ninety.
 * Days on which the customer was new are left out, and those of another horizon.
 */
async function readLikelihoods(
  shop: ShopDomain,
  customer: CustomerId,
  { horizonDays, asOfDay }: Asked,
): Promise<KeptLikelihood[]> {
  const updateDays = Array.from({ length: UPDATE_DAYS }, (_, back) => isoDay(asOfDay - back));
  const { rows } = await pool.query<KeptLikelihood>(
    `select distinct on (kept.as_of) (kept.as_of - 1)::text as "on",
            kept.buy_probability as probability, kept.reconstructed
       from (
         select h.as_of, h.buy_probability, h.buy_tier, h.reconstructed, 0 as later
           from score_history h
           join scoring_runs r on r.shop = h.shop and r.as_of = h.as_of
            and r.reconstructed = h.reconstructed and r.horizon_days = $3
          where h.shop = $1 and h.customer_id = $2
         union all
         select u.as_of, u.buy_probability, u.buy_tier, false, 1
           from score_updates u
           join scoring_runs r on r.shop = u.shop and r.id = u.run_id and r.horizon_days = $3
          where u.shop = $1 and u.customer_id = $2 and u.as_of = any($4::date[])
       ) kept
      where kept.buy_probability is not null and kept.buy_tier <> 'new'
      order by kept.as_of, kept.later desc`,
    [shop, customer, horizonDays, updateDays],
  );
  return rows;
}
