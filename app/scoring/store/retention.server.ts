import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

/** The scores of every run are kept so long; of older ones those of one run a week. */
const DAILY_DAYS = 14;
/** Nothing is kept longer. */
const WEEKLY_DAYS = 400;

/**
 * Removes scores of the past that were kept long enough, a run at a time; may be stopped between.
 * What became of scores between runs goes with the days before the oldest run of which the tiers
 * can still be followed.
 */
export async function pruneScores(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ day: string }>(
    `WITH live AS (
       SELECT as_of FROM scoring_runs
        WHERE shop = $1 AND NOT reconstructed AND outcome = 'scored'
     ), daily AS (
       SELECT min(as_of) AS first FROM live WHERE as_of > (SELECT max(as_of) FROM live) - $2::int
     ), weekly AS (
       SELECT min(as_of) AS as_of FROM live GROUP BY date_trunc('week', as_of)
     )
     SELECT r.as_of::text AS day FROM scoring_runs r, daily
      WHERE r.shop = $1 AND r.outcome = 'scored' AND r.as_of < daily.first
        AND (r.as_of < daily.first - $3::int
             OR NOT r.reconstructed AND r.as_of NOT IN (SELECT as_of FROM weekly))
        AND EXISTS (SELECT 1 FROM score_history h WHERE h.shop = r.shop AND h.as_of = r.as_of)
      ORDER BY r.as_of`,
    [shop, DAILY_DAYS, WEEKLY_DAYS],
  );
  for (const { day } of rows) {
    signal?.throwIfAborted();
    await pool.query("DELETE FROM score_history WHERE shop = $1 AND as_of = $2", [shop, day]);
  }
  await pruneUpdates(shop);
  if (rows.length > 0) log.info({ shop, runs: rows.length }, "removed scores of the past");
}

/**
 * SQL: the day from which on scores between runs are kept, which is that of the run before the oldest
 * daily one: they are what that one's tiers follow from. Null before there is a run.
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
