import { inKnownZone } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { disputedCurrencies } from "#app/lib/money.ts";
import { mayEnqueue } from "#app/queue/failed-jobs.server.ts";
import { noJob } from "#app/queue/job-table.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import { lastNight } from "./nightly-slot.ts";

type Due = { shop: ShopDomain; time_zone: string; last: Date | null; unclear: boolean };

/**
 * Enqueues the reconciliation of shops that were not reconciled since their last night; at once for
 * shops whose amounts were stored without a number of digits, in a currency for which sources
 * disagree.
 */
export async function enqueueDueReconciliations(): Promise<void> {
  const { rows } = await pool.query<Due>(
    `select s.shop, s.time_zone, greatest(i.last, c.last) as last,
            s.orders_currency_digits is null
              and coalesce(s.orders_currency, s.currency) = any($1) as unclear
       from shops s
       join lateral (select max(coalesce(as_of, started_at)) as last from order_imports
                      where shop = s.shop and state = 'done') i on i.last is not null
       left join lateral (select max(finished_at) as last from order_checks
                           where shop = s.shop) c on true
      where s.uninstalled_at is null and s.access_lost_at is null
        and ${mayEnqueue("orders.reconcile", "s.shop")} and ${noJob("orders.import", "s.shop")}`,
    [disputedCurrencies],
  );
  for (const { shop, time_zone: timeZone, last, unclear } of rows) {
    const night = inKnownZone(
      () => lastNight(shop, now(), timeZone),
      () => log.error({ shop, timeZone }, "the runtime does not know this time zone"),
    );
    if (night === null || (!unclear && last !== null && last >= night)) continue;
    await enqueue("orders.reconcile", { shop });
  }
}
