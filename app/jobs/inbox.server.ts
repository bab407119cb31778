import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";

import { LARGE_PRIORITY, largeShop, minsSize, SMALL_PRIORITY } from "./lanes.ts";
import { notParked } from "./parked.server.ts";
import type { TaskName } from "./queue.server.ts";

// A job is inserted here into pg-boss's own table: the version of pg-boss is pinned, and a test
// compares the row with one that pg-boss makes.

/** What is kept of a webhook: ids and times, never its body. */
export type InboxEntry = {
  shop: ShopDomain;
  topic: string;
  webhookId: string;
  triggeredAt: string | null;
  /** The gid or number of what it is about; null when it is about the shop. */
  resourceId: string | null;
  /** The gid or number of a second one that it names. */
  relatedId?: string | null;
};

/** Stores a webhook once, however often it is delivered. */
export async function storeInInbox(entry: InboxEntry): Promise<void> {
  const { shop, topic, webhookId, triggeredAt, resourceId } = entry;
  await pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id, triggered_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [shop, webhookId, topic, resourceId, triggeredAt],
  );
}

/**
 * Stores a webhook once and asks for the task that reads it, in one statement: both are there when
 * Shopify has its answer, or none. Where that task is parked, it is asked for when its time has come. The job
 * is the one that pg-boss would make of an `enqueue`, from the options its queue was made with.
 *
 * @param entry.updatedAt ISO time of the version that the webhook tells of; null when unknown
 */
export async function askThroughInbox(
  task: TaskName,
  entry: InboxEntry & { updatedAt: string | null },
): Promise<void> {
  const { shop, topic, webhookId, triggeredAt, resourceId, relatedId = null, updatedAt } = entry;
  const priority = minsSize(task)
    ? `case when ${largeShop("a.shop")} then ${LARGE_PRIORITY} else ${SMALL_PRIORITY} end`
    : SMALL_PRIORITY;
  await pool.query(
    `with arrived as (
       insert into webhook_inbox
         (shop, webhook_id, topic, resource_id, triggered_at, resource_updated_at, related_id)
       values ($1, $2, $3, $4, $5, $6, $8) on conflict do nothing returning shop
     )
     insert into pgboss.job
       (name, data, priority, singleton_key, group_id, policy, expire_seconds, deletion_seconds, keep_until,
        retry_limit, retry_delay, retry_backoff, retry_delay_max)
     select q.name, jsonb_build_object('shop', a.shop), ${priority}, a.shop, a.shop, q.policy,
            q.expire_seconds, q.deletion_seconds,
            now() + make_interval(secs => q.retention_seconds),
            q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max
       from arrived a join pgboss.queue q on q.name = $7
      where ${notParked(task, "a.shop")}
     on conflict do nothing`,
    [shop, webhookId, topic, resourceId, triggeredAt, updatedAt, task, relatedId],
  );
}
