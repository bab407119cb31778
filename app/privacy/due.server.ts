import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { notParked } from "#app/jobs/parked.server.ts";
import { enqueue } from "#app/jobs/queue.server.ts";

import { ERASE_UNASKED_DAYS } from "./handle.server.ts";
import { privacyTopics } from "./topics.ts";

/** A webhook asks for its work itself; one not done for so long waits for running work, or lost its job. */
const WAITED_SECONDS = 20;

/** Asks for the work of requests that wait, and of installations that ended. */
export async function askForPrivacy(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select shop from (
       select distinct shop from webhook_inbox
        where handled_at is null and topic = any($1)
          and received_at < now() - make_interval(secs => $2)
       union
       select shop from shops
        where leftovers and uninstalled_at is null
           or uninstalled_at < now() - make_interval(days => $3)) waiting
      where ${notParked("privacy.handle", "waiting.shop")} and not exists (
        select 1 from pgboss.job j
         where j.name = 'privacy.handle' and j.singleton_key = waiting.shop
           and j.state in ('created', 'retry', 'active'))`,
    [privacyTopics, WAITED_SECONDS, ERASE_UNASKED_DAYS],
  );
  for (const { shop } of rows) await enqueue("privacy.handle", { shop });
}
