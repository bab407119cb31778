import { now } from "#app/clock.server.ts";
import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { notParked } from "#app/jobs/parked.server.ts";
import { enqueue } from "#app/jobs/queue.server.ts";
import { log } from "#app/log.server.ts";

import { asOfDayAt, dayNumber } from "./days.ts";

/**
 * Asks for scoring in the shops where a new day has begun since their last one: scores fade with
 * time, also where nothing happens. A shop that is being scored, or waits for it, is left alone.
 */
export async function askForDueScoring(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain; time_zone: string; as_of: string }>(
    `select s.shop, s.time_zone, r.as_of::text
       from shops s
       join lateral (
         select as_of from scoring_runs
          where shop = s.shop and not reconstructed order by as_of desc limit 1) r on true
      where s.uninstalled_at is null and s.access_lost_at is null
        and ${notParked("scoring.run", "s.shop")} and not exists (
        select 1 from pgboss.job j
         where j.name = 'scoring.run' and j.singleton_key = s.shop
           and j.state in ('created', 'retry', 'active'))`,
  );
  for (const { shop, time_zone: timeZone, as_of: asOf } of rows) {
    if (dayNumber(asOf) >= asOfDayAt(now(), timeZone)) continue;
    log.info({ shop, asOf }, "a new day: scoring again");
    await enqueue("scoring.run", { shop });
  }
}
