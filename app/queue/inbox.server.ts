import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { metrics } from "#app/lib/metrics.server.ts";

import { Batches } from "./batches.ts";
import { notBackingOff } from "./failed-jobs.server.ts";
import { insertJobs } from "./job-table.server.ts";
import { dependsOnShopSize, isLargeShop, LARGE_PRIORITY, SMALL_PRIORITY } from "./lanes.ts";
import type { TaskName } from "./task-names.ts";

/** What is stored of a webhook: ids and times, never its body. */
export type InboxEntry = {
  shop: ShopDomain;
  topic: string;
  webhookId: string;
  triggeredAt: string | null;
  /** The gid or numeric id of its subject; null when it is about the shop. */
  resourceId: string | null;
  /** The gid or numeric id of a second subject. */
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

/** A webhook that enqueues a task; `updatedAt` is its subject's version, an ISO time. */
export type EnqueuingEntry = InboxEntry & { updatedAt: string | null };

// Two turns, so that one collects items while the other commits.
const LIMITS = { turnsAtOnce: 2, itemsPerTurn: 200 };

const batches = new Map<TaskName, Batches<EnqueuingEntry>>();

/**
 * Stores a webhook once and enqueues the task that reads it, in one statement, so that both exist
 * before Shopify gets its reply. While the task is backing off after a failed job, it is not
 * enqueued. Webhooks that arrive at the same time share a statement and a commit.
 */
export async function enqueueThroughInbox(task: TaskName, entry: EnqueuingEntry): Promise<void> {
  const known =
    batches.get(task) ?? new Batches((entries) => insertTogether(task, entries), LIMITS);
  batches.set(task, known);
  await known.add(entry);
  if (entry.triggeredAt === null) return;
  const seconds = (Date.now() - Date.parse(entry.triggeredAt)) / 1000;
  if (seconds >= 0) metrics.webhookDeliverySeconds.observe(seconds);
}

async function insertTogether(task: TaskName, entries: EnqueuingEntry[]): Promise<void> {
  const priority = dependsOnShopSize(task)
    ? `case when ${isLargeShop("a.shop")} then ${LARGE_PRIORITY} else ${SMALL_PRIORITY} end`
    : SMALL_PRIORITY;
  const column = (read: (entry: EnqueuingEntry) => string | null) => entries.map(read);
  await pool.query(
    `with arrived as (
       insert into webhook_inbox
         (shop, webhook_id, topic, resource_id, triggered_at, resource_updated_at, related_id)
       select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
                            $7::timestamptz[], $8::text[]) as entry (shop, webhook_id)
        order by shop, webhook_id
       on conflict do nothing returning shop
     ), asking as (select distinct shop from arrived order by shop)
     ${insertJobs("asking", { priority, where: notBackingOff(task, "a.shop") })}`,
    [
      task,
      column(({ shop }) => shop),
      column(({ webhookId }) => webhookId),
      column(({ topic }) => topic),
      column(({ resourceId }) => resourceId),
      column(({ triggeredAt }) => triggeredAt),
      column(({ updatedAt }) => updatedAt),
      column(({ relatedId = null }) => relatedId),
    ],
  );
}
