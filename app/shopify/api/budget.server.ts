import { randomUUID } from "node:crypto";

import { callPool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import type { Need, Priority, Taken, ThrottleStatus } from "./throttle.ts";

/** Assumed until the first reply: the smallest plan's rate, and a bucket that is half full. */
const ASSUMED = { maximum: 1000, available: 500, restoreRate: 100 };

/** Background work leaves this share of the bucket to interactive calls. */
const RESERVED_FOR_PEOPLE = 0.1;
/**
 * A reply may report more points than our budget has, by the points of calls in flight. A
 * difference above this share of the bucket means that processes died after taking points.
 */
const IN_FLIGHT_SHARE = 0.25;
/** How long the first place in the queue is kept for a process that does not ask again. */
const PLACE_SECONDS = 1;
const LONGEST_MS = 60_000;
/** Delay between calls while the budget cannot be read. */
const WITHOUT_BUDGET_MS = 500;

/** This process, in the queue shared by all. */
const self = randomUUID();

/** The bucket's current state, with its row locked. */
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
 * Takes points from a shop's budget, which all processes share.
 *
 * Background calls leave a reserve, yield to interactive calls of any process, and queue: the first
 * call that lacked points is served first, so that cheap calls cannot starve an expensive one.
 *
 * @param need points of the first call, and of all calls that may share its points
 */
export async function takePoints(shop: ShopDomain, need: Need, priority: Priority): Promise<Taken> {
  const person = priority === "interactive";
  const limits = [RESERVED_FOR_PEOPLE, self, PLACE_SECONDS, LONGEST_MS];
  const values = [shop, need.first, person, ...limits, need.all];
  // A named statement is planned once per connection; planning takes longer than running it.
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
 * Corrects the budget by a reply. A call without a reply is not settled: Shopify may have charged
 * it, so its points count as spent.
 *
 * @param unused points taken and not charged; negative when more were charged
 */
export async function settlePoints(
  shop: ShopDomain,
  unused: number,
  { maximumAvailable, restoreRate, currentlyAvailable }: ThrottleStatus,
): Promise<void> {
  const values = [shop, unused, maximumAvailable, restoreRate, currentlyAvailable, IN_FLIGHT_SHARE];
  await orLogAndContinue(callPool.query({ name: "settle-points", text: SETTLE, values }), shop);
}

/**
 * Like {@link takePoints}; when the budget cannot be read, calls are spaced out instead, and
 * Shopify throttles what is still too fast.
 */
export function takeOrSlowDown(shop: ShopDomain, sleep: (milliseconds: number) => Promise<void>) {
  return async (need: Need, priority: Priority): Promise<Taken> => {
    const taken = await orLogAndContinue(takePoints(shop, need, priority), shop);
    if (taken !== undefined) return taken;
    await sleep(WITHOUT_BUDGET_MS * (1 + Math.random()));
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
    log.warn({ shop, err: error }, "cannot read the shop's budget: slowing down");
    return undefined;
  }
}
