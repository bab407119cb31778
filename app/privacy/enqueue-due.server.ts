import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { mayEnqueue } from "#app/queue/failed-jobs.server.ts";
import { noJob } from "#app/queue/job-table.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { inGrace } from "#app/shop/grace.ts";

import { ERASE_UNASKED_DAYS } from "./departures/follow-departure.server.ts";
import { removeStrayWebhooks } from "./purge.server.ts";
import { customerTopics, departureTopics } from "./request-body.ts";

/**
 * A webhook enqueues its task itself; one unhandled for this long waits for running work, or its
 * job was lost.
 */
const WAITED_SECONDS = 20;

const waiting = `handled_at is null and topic = any($1)
  and received_at < now() - make_interval(secs => ${WAITED_SECONDS})`;

/**
 * Enqueues `privacy.handle` for unhandled requests of customers, and for leftovers of earlier
 * installations.
 */
export async function enqueuePrivacyRequests(): Promise<void> {
  await enqueueFor(
    "privacy.handle",
    `select shop from webhook_inbox where ${waiting}
     union
     select shop from shops where leftovers and uninstalled_at is null`,
    [customerTopics],
  );
}

/**
 * Enqueues `shop.departure` for unhandled webhooks about a departure, for shops that are due to be
 * erased, and for shops that came back.
 */
export async function enqueueDepartures(): Promise<void> {
  await enqueueFor(
    "shop.departure",
    `select w.shop from webhook_inbox w left join shops s using (shop)
      where ${waiting} and (w.topic = 'app/uninstalled' or (${inGrace("s")}) is not true)
     union
     select shop from shops where uninstalled_at < now() - make_interval(days => $2)
     union
     select shop from shops where uninstalled_at is null and departure_evidence is not null`,
    [departureTopics, ERASE_UNASKED_DAYS],
  );
}

async function enqueueFor(task: TaskName, shops: string, values: unknown[]): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select shop from (${shops}) waiting
      where ${mayEnqueue(task, "waiting.shop")}`,
    values,
  );
  for (const { shop } of rows) await enqueue(task, { shop });
}

const PURGE_EVERY_HOURS = 24;
/** Most purges enqueued at once, to spread them over the day. */
const PURGES_AT_ONCE = 20;

/** Enqueues the daily purge of shops, and removes webhooks of unknown shops. */
export async function enqueuePurges(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select shop from shops s
      where coalesce(purged_at, installed_at) < now() - make_interval(hours => $1)
        and ${noJob("privacy.purge", "s.shop")}
      order by purged_at nulls first limit $2`,
    [PURGE_EVERY_HOURS, PURGES_AT_ONCE],
  );
  for (const { shop } of rows) await enqueue("privacy.purge", { shop });
  await removeStrayWebhooks();
}
