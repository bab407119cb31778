import { asOfDayAt, dayNumber, inKnownZone } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { mayEnqueue } from "#app/queue/failed-jobs.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/** Each shop has its own time after midnight, within this span. */
const SPREAD_SECONDS = 3 * 3600;

/**
 * Enqueues a scoring for shops where a new day has begun since the last one, since scores change
 * with time even without orders. Shops whose scoring is queued or backing off are skipped.
 */
export async function enqueueDueScoring(): Promise<void> {
  const { rows } = await pool.query<{
    shop: ShopDomain;
    time_zone: string;
    as_of: string;
    later: number;
  }>(
    `select s.shop, s.time_zone, r.as_of::text, (hashtext(s.shop) & 2147483647) % $1 as later
       from shops s
       join lateral (
         select as_of from scoring_runs
          where shop = s.shop and not reconstructed order by as_of desc limit 1) r on true
      where s.uninstalled_at is null and s.access_lost_at is null
        and ${mayEnqueue("scoring.run", "s.shop")}`,
    [SPREAD_SECONDS],
  );
  for (const { shop, time_zone: timeZone, as_of: asOf, later } of rows) {
    const then = new Date(now().getTime() - 1000 * later);
    const today = inKnownZone(
      () => asOfDayAt(then, timeZone),
      () => log.error({ shop, timeZone }, "the runtime does not know this time zone"),
    );
    if (today === null || dayNumber(asOf) >= today) continue;
    log.info({ shop, asOf }, "a new day: scoring again");
    await enqueue("scoring.run", { shop });
  }
}

/** Marking a customer enqueues the rescoring too; a mark of this age has lost its job. */
const FORGOTTEN_SECONDS = 20;

/** Enqueues the rescoring of marked customers whose job was lost, for shops with a fit. */
export async function enqueueMarkedRescoring(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select s.shop from shops s
      where s.uninstalled_at is null and s.access_lost_at is null
        and exists (select 1 from changed_customers c
                     where c.shop = s.shop and c.changed_at < now() - make_interval(secs => $1))
        and (select outcome from scoring_runs r where r.shop = s.shop and not reconstructed
              order by created_at desc limit 1) = 'scored'
        and ${mayEnqueue("scoring.rescore", "s.shop")}`,
    [FORGOTTEN_SECONDS],
  );
  for (const { shop } of rows) await enqueue("scoring.rescore", { shop });
}

/** Enqueues another reading of the exclusion tag where the last one failed. */
export async function enqueueExclusionReading(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select s.shop from shops s
      where s.uninstalled_at is null and s.access_lost_at is null and s.exclusion_tag is not null
        and (s.exclusion_read_at is null or exists (
          select 1 from parked_jobs p where p.shop = s.shop and p.task = 'scoring.exclude'))
        and ${mayEnqueue("scoring.exclude", "s.shop")}`,
  );
  for (const { shop } of rows) await enqueue("scoring.exclude", { shop });
}
