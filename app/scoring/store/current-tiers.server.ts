import type pg from "pg";

import { isoDay } from "#app/lib/calendar.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type CurrentTiers,
  MOVED_DAYS,
  noCurrentTiers,
} from "#app/scoring/evaluation/current-tiers.ts";
import { type Axis, type TierOptions, tiers } from "#engine";

import { eachCustomerLine } from "./customer-lines.server.ts";

export type Customers = {
  shop: ShopDomain;
  /** By customer index, ascending as text. */
  customerIds: readonly string[];
  /** Whether these are few of the shop's customers, so that the query selects them by id. */
  few: boolean;
};

/**
 * Current tiers before a day: those of the last run of an earlier day, updated by later rescorings
 * before the day. A day's tiers are computed from these however often it is scored, so that they
 * depend only on its last figures. All customers are absent before the first day, unless its tiers
 * follow from the reconstructed weeks.
 *
 * @param day `followsWeeks` to start from the reconstructed weeks; by default as the day's saved
 * run did. `tierOptions` of the day's fit
 * @returns `reset`: the tiers are of other options, and hold nothing back
 */
export async function readTiersBefore(
  client: pg.PoolClient,
  customers: Customers,
  day: { asOfDay: number; followsWeeks?: boolean; tierOptions: TierOptions | undefined },
): Promise<{ before: CurrentTiers; followsWeeks: boolean; reset: boolean }> {
  const until = isoDay(day.asOfDay);
  const { rows } = await client.query<{ live: string | null; week: string | null; reset: boolean }>(
    `with days as (
       select max(as_of) filter (where not reconstructed and as_of < $2) as live,
              case when $3 or bool_or(follows_weeks and as_of = $2)
                   then max(as_of) filter (where reconstructed and as_of < $2) end as week
         from scoring_runs where shop = $1 and outcome = 'scored'
     )
     select live::text, week::text, exists (
              select from scoring_runs r
               where r.shop = $1 and r.as_of = coalesce(live, week)
                 and r.reconstructed = (live is null)
                 and r.fit -> 'tierOptions' is distinct from $4::jsonb) as reset
       from days`,
    [customers.shop, until, day.followsWeeks ?? false, jsonOrNull(day.tierOptions)],
  );
  const { live, week, reset } = rows[0] ?? { live: null, week: null, reset: false };
  const from = live ?? week;
  const before = from
    ? await readKept(client, customers, { from, until })
    : noCurrentTiers(customers.customerIds.length);
  return { before, followsWeeks: live === null && week !== null, reset };
}

function jsonOrNull(value: TierOptions | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Current tiers after the last reconstructed week before a day. */
export async function readTiersOfWeek(
  client: pg.PoolClient,
  customers: Customers,
  beforeDay: number,
): Promise<CurrentTiers> {
  const until = isoDay(beforeDay);
  const { rows } = await client.query<{ week: string | null }>(
    `select max(as_of)::text as week from scoring_runs
      where shop = $1 and outcome = 'scored' and reconstructed and as_of < $2`,
    [customers.shop, until],
  );
  const from = rows[0]?.week;
  if (!from) return noCurrentTiers(customers.customerIds.length);
  return readKept(client, customers, { from, until });
}

const TIER_COLUMNS = `customer_id, clv_tier, clv_since - date '1970-01-01' as clv_day, buy_tier,
  buy_since - date '1970-01-01' as buy_day, frequency`;
const SPENT = "round(mean_spend_minor * (frequency + 1)) as spent";

/**
 * The last kept tiers of each customer, from the run of the day `from` to before the day `until`.
 */
async function readKept(
  client: pg.PoolClient,
  customers: Customers,
  { from, until }: { from: string; until: string },
): Promise<CurrentTiers> {
  const days = [from, until].map((day) => client.escapeLiteral(day));
  const these = where(client, customers);
  const kept = await read(
    client,
    customers,
    `select distinct on (customer_id collate "C") customer_id, clv_tier, clv_day, buy_tier, buy_day,
            frequency, spent
       from (select ${TIER_COLUMNS}, ${SPENT}, as_of, 0 as later from score_history
              where ${these} and as_of = ${days[0]}
              union all
             select ${TIER_COLUMNS}, ${SPENT}, as_of, 1 from score_updates
              where ${these} and as_of >= ${days[0]} and as_of < ${days[1]}) kept
      order by customer_id collate "C", as_of desc, later desc`,
  );
  await readMovedFrom(client, customers, { kept, until });
  return kept;
}

/**
 * The tiers that customers came from, by their recent moves. A day's first change begins at the tier
 * before the day, whatever came of it later that day. Moves by changed settings do not count: nobody
 * did anything.
 */
async function readMovedFrom(
  client: pg.PoolClient,
  customers: Customers,
  { kept, until }: { kept: CurrentTiers; until: string },
): Promise<void> {
  const day = client.escapeLiteral(until);
  const { from, sinceDay } = kept;
  await eachCustomerLine(client, {
    customerIds: customers.customerIds,
    select: `select distinct on (customer_id collate "C", axis, as_of)
                      customer_id, axis, from_tier, as_of - date '1970-01-01'
                 from tier_changes
                where ${where(client, customers)} and as_of < ${day}
                  and as_of > ${day}::date - ${String(MOVED_DAYS)} and why <> 'settings'
                order by customer_id collate "C", axis, as_of, changed_at`,
    keep: (customer, [, axis, tier, since]) => {
      const index = tiers.findIndex((name) => name === tier);
      const of = axis as Axis;
      if (sinceDay[of][customer] === Number(since)) from[of][customer] = index;
    },
  });
}

/** The tiers in the current scores. */
export function readShownTiers(client: pg.PoolClient, customers: Customers): Promise<CurrentTiers> {
  return read(
    client,
    customers,
    `select ${TIER_COLUMNS}, spent_minor from scores
      where ${where(client, customers)} order by customer_id collate "C"`,
  );
}

// COPY takes no parameters.
function where(client: pg.PoolClient, { shop, customerIds, few }: Customers): string {
  const ofShop = `shop = ${client.escapeLiteral(shop)}`;
  if (!few) return ofShop;
  return `${ofShop} and customer_id = any(${client.escapeLiteral(`{${customerIds.join()}}`)})`;
}

async function read(
  client: pg.PoolClient,
  customers: Customers,
  select: string,
): Promise<CurrentTiers> {
  const currentTiers = noCurrentTiers(customers.customerIds.length);
  await eachCustomerLine(client, {
    customerIds: customers.customerIds,
    select,
    keep: (customer, cells) => {
      keep(currentTiers, customer, cells);
    },
  });
  return currentTiers;
}

function keep(currentTiers: CurrentTiers, customer: number, cells: string[]): void {
  const { tier, sinceDay, frequency, spentMinor } = currentTiers;
  const [, clvTier, clvSince, buyTier, buySince, purchases, spentSoFar] = cells;
  const [clv, buy] = [clvTier, buyTier].map((tier) => tiers.findIndex((name) => name === tier));
  // The customer had no counted orders any more.
  if (clv < 0 || buy < 0) return;
  tier.clv[customer] = clv;
  tier.buy[customer] = buy;
  sinceDay.clv[customer] = Number(clvSince);
  sinceDay.buy[customer] = Number(buySince);
  frequency[customer] = Number(purchases);
  spentMinor[customer] = Number(spentSoFar);
}
