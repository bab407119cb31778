import { randomUUID } from "node:crypto";

import { callPool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import type { Need, Priority, Taken, ThrottleStatus } from "./throttle.ts";

/** Until Shopify has said otherwise: the smallest plan's rate, and a bucket far from full. */
const ASSUMED = { maximum: 1000, available: 500, restoreRate: 100 };

/** Background work leaves this share of the bucket, so that a page never waits behind it. */
const RESERVED_FOR_PEOPLE = 0.1;
/**
 * A reply may show more than our picture by the points of calls that are on their way. More than
 * this share of the bucket is no such difference: calls died that had taken points.
 */
const ON_THEIR_WAY = 0.25;
/** How long a place in the line is kept for a process that does not come back. */
const PLACE_SECONDS = 1;
const LONGEST_MS = 60_000;
/** Between two calls while nobody can say how many points there are. */
const BLIND_MS = 500;

/** This process, in the line of all. */
const self = randomUUID();

/** The bucket as it is at this moment, its row locked. */
const SEEN = `
  seen as (
    select b.*, least(maximum, available
             + restore_rate * greatest(0, extract(epoch from moment - at))::float8) as points
      from (select *, clock_timestamp() as moment from cost_budgets where shop = $1 for update) b
  )`;

const TAKE = `
  with ${SEEN}, asked as (
    select *,
           -- A call dearer than the bucket holds can only be tried when it is full.
           least($2::float8 + case when $3 then 0 else maximum * $4::float8 end, maximum) - points
             as missing,
           not $3 and person_until > moment as yields,
           not $3 and first_in_line <> $5 and first_until > moment as behind
      from seen
  ), judged as (
    select *, missing <= 0 and yields is not true and behind is not true as granted from asked
  ), decided as (
    select *, case when granted then greatest($2::float8, least($8::float8, floor($2::float8 - missing)))
                   else 0 end as taken
      from judged
  )
  update cost_budgets b set
    available = d.points - d.taken,
    at = d.moment,
    person_until = case when $3 and not d.granted then d.moment + make_interval(secs => $6)
                        else b.person_until end,
    first_in_line = case when $3 or d.behind then b.first_in_line
                         when d.granted then null else $5 end,
    first_until = case when $3 or d.behind then b.first_until
                       when d.granted then null
                       else d.moment + make_interval(secs => $6) end
    from decided d where b.shop = d.shop
  returning d.taken as points,
            case when d.granted then 0
                 else least($7, greatest(20, ceil(d.missing / d.restore_rate * 1000))) end::int as "waitMs"`;

const SETTLE = `
  with ${SEEN}
  update cost_budgets b set
    maximum = $3, restore_rate = $4, at = s.moment,
    available = least($3::float8, $5::float8,
                      greatest(s.points + $2::float8, $5::float8 - $3::float8 * $6::float8))
    from seen s where b.shop = s.shop`;

/**
 * Takes points of a shop's budget, which all processes share.
 *
 * Work in the background leaves a reserve, lets a person pass who waits in any process, and queues:
 * the call that did not find its points first is served first, so that a dear one is not overtaken
 * by cheap ones for ever.
 *
 * @param need what the first call needs, and what all that may go with it need
 */
export async function takePoints(shop: ShopDomain, need: Need, priority: Priority): Promise<Taken> {
  const person = priority === "interactive";
  const limits = [RESERVED_FOR_PEOPLE, self, PLACE_SECONDS, LONGEST_MS];
  const values = [shop, need.first, person, ...limits, need.all];
  // By name: a connection plans it once, which takes longer than running it.
  const { rows } = await callPool.query<Taken>({ name: "take-points", text: TAKE, values });
  if (rows[0] !== undefined) return rows[0];
  await callPool.query(
    `insert into cost_budgets (shop, available, at, maximum, restore_rate)
     values ($1, $2, clock_timestamp(), $3, $4) on conflict do nothing`,
    [shop, ASSUMED.available, ASSUMED.maximum, ASSUMED.restoreRate],
  );
  return takePoints(shop, need, priority);
}

/**
 * Corrects the budget by what a reply says. A call without a reply is not settled: its points count
 * as spent, as Shopify may have counted it.
 *
 * @param unused points that were taken and not charged; below 0 when more were charged
 */
export async function settlePoints(
  shop: ShopDomain,
  unused: number,
  { maximumAvailable, restoreRate, currentlyAvailable }: ThrottleStatus,
): Promise<void> {
  const values = [shop, unused, maximumAvailable, restoreRate, currentlyAvailable, ON_THEIR_WAY];
  await orLogAndContinue(callPool.query({ name: "settle-points", text: SETTLE, values }), shop);
}

/** {@link takePoints}, or slowly without it: Shopify itself says when that is too fast. */
export function takeOrSlowDown(shop: ShopDomain, sleep: (milliseconds: number) => Promise<void>) {
  return async (need: Need, priority: Priority): Promise<Taken> => {
    const taken = await orLogAndContinue(takePoints(shop, need, priority), shop);
    if (taken !== undefined) return taken;
    await sleep(BLIND_MS * (1 + Math.random()));
    return { points: need.first, waitMs: 0 };
  };
}

async function orLogAndContinue<Result>(
  work: Promise<Result>,
  shop: ShopDomain,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    log.warn({ shop, err: error }, "the shop's budget is out of reach: going slowly");
    return undefined;
  }
}
