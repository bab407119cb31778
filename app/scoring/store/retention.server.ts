import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

/** How long the scores of each run are kept; after that, those of one run per week. */
const DAILY_DAYS = 14;
/** How long the scores of one run per week are kept. */
const WEEKLY_DAYS = 400;

/**
 * Removes old scores, one run per statement; may be stopped in between. Score updates are removed
 * up to the day from which they are still needed.
 */
export async function pruneScores(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ day: string }>(
    `with live as (
       select as_of from scoring_runs
        where shop = $1 and not reconstructed and outcome = 'scored'
     ), daily as (
       select min(as_of) as first from live where as_of > (select max(as_of) from live) - $2::int
     ), weekly as (
       select min(as_of) as as_of from live group by date_trunc('week', as_of)
     )
     select r.as_of::text as day from scoring_runs r, daily
      where r.shop = $1 and r.outcome = 'scored' and r.as_of < daily.first
        and (r.as_of < daily.first - $3::int
             or not r.reconstructed and r.as_of not in (select as_of from weekly))
        and exists (select 1 from score_history h where h.shop = r.shop and h.as_of = r.as_of)
      order by r.as_of`,
    [shop, DAILY_DAYS, WEEKLY_DAYS],
  );
  for (const { day } of rows) {
    signal?.throwIfAborted();
    await pool.query("delete from score_history where shop = $1 and as_of = $2", [shop, day]);
  }
  await pruneUpdates(shop);
  if (rows.length > 0) log.info({ shop, runs: rows.length }, "removed old scores");
}

/**
 * SQL of the day from which score updates are kept: that of the run before the oldest daily one,
 * whose tiers are computed from them. Null before the first run.
 *
 * @param shop an SQL expression
 */
export function updatesKeptFrom(shop: string): string {
  return `(with live as (
       select as_of from scoring_runs
        where shop = ${shop} and not reconstructed and outcome = 'scored'
     ), daily as (
       select min(as_of) as first from live
        where as_of > (select max(as_of) from live) - ${DAILY_DAYS}
     )
     select coalesce(max(as_of), daily.first) from daily left join live on as_of < daily.first
      group by daily.first)`;
}

async function pruneUpdates(shop: ShopDomain): Promise<void> {
  await pool.query(
    `delete from score_updates where shop = $1 and as_of < ${updatesKeptFrom("$1")}`,
    [shop],
  );
}
