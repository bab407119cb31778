import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { readErased } from "#app/orders/customers/erased-customers.server.ts";
import { mayEnqueue } from "#app/queue/failed-jobs.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import { customerTopics, orderTopics } from "./webhook-payload.ts";

/** Orders and customers named by unhandled webhooks, with the ids of those webhooks. */
export type Unread = { order: UnreadOrder; customer: UnreadCustomer };

type UnreadCustomer = {
  customerId: string;
  /** The customer that they were merged into; null for a deletion. */
  into: string | null;
  webhookIds: string[];
};

type UnreadOrder = {
  orderId: string;
  webhookIds: string[];
  /** One of the webhooks reported a deletion. */
  deleted: boolean;
  /** All of the webhooks are about versions older than the stored one. */
  late: boolean;
};

/** Orders of the oldest unhandled webhooks. A burst of webhooks about one order is one entry. */
export async function readUnreadOrders(shop: ShopDomain, limit: number): Promise<UnreadOrder[]> {
  const result = await pool.query<UnreadOrder>(
    `select w.resource_id as "orderId", array_agg(w.webhook_id) as "webhookIds",
            bool_or(w.topic = 'orders/delete') as deleted,
            bool_and(coalesce(w.resource_updated_at < o.updated_at, false)) as late
       from webhook_inbox w
       left join orders o on o.shop = w.shop and o.order_id = w.resource_id
      where w.shop = $1 and w.handled_at is null and w.topic = any($2)
      group by w.resource_id order by min(w.received_at) limit $3`,
    [shop, orderTopics, limit],
  );
  return result.rows;
}

/** Customers of the oldest unhandled webhooks, in order of arrival. */
export async function readUnreadCustomers(
  shop: ShopDomain,
  limit: number,
): Promise<UnreadCustomer[]> {
  const result = await pool.query<UnreadCustomer>(
    `select resource_id as "customerId", related_id as into, array[webhook_id] as "webhookIds"
       from webhook_inbox
      where shop = $1 and handled_at is null and topic = any($2)
      order by received_at, webhook_id limit $3`,
    [shop, customerTopics, limit],
  );
  return result.rows;
}

/** Marks webhooks as handled, in the transaction that stored what they led to. */
export async function markWebhooksHandled(
  client: pg.PoolClient,
  shop: ShopDomain,
  unread: readonly { webhookIds: string[] }[],
): Promise<void> {
  const { rows } = await client.query<{ seconds: number }>(
    `update webhook_inbox set handled_at = now() where shop = $1 and webhook_id = any($2)
     returning extract(epoch from now() - received_at)::float8 as seconds`,
    [shop, unread.flatMap(({ webhookIds }) => webhookIds)],
  );
  for (const { seconds } of rows) metrics.webhookHandlingSeconds.observe(seconds);
}

/** Clears the ids of erased customers in handled webhooks. */
export async function clearErasedIds(
  client: pg.PoolClient,
  shop: ShopDomain,
  done: readonly Unread["customer"][],
): Promise<void> {
  const isErased = await readErased(client, shop);
  const about = done.filter(
    ({ customerId, into }) => isErased(customerId) || (into !== null && isErased(into)),
  );
  await client.query(
    `update webhook_inbox set resource_id = null, related_id = null
      where shop = $1 and webhook_id = any($2)`,
    [shop, about.flatMap(({ webhookIds }) => webhookIds)],
  );
}

/** A webhook enqueues its task itself; one that is unhandled for this long has lost its job. */
const FORGOTTEN_SECONDS = 20;

/** Enqueues the task of webhooks whose job was lost. */
export async function enqueueUnreadWebhooks(): Promise<void> {
  const forgotten = await pool.query<{ shop: ShopDomain }>(
    `select distinct w.shop from webhook_inbox w join shops s using (shop)
      where w.handled_at is null and w.topic = any($1) and s.uninstalled_at is null
        and s.access_lost_at is null
        and w.received_at < now() - make_interval(secs => $2)
        and ${mayEnqueue("orders.follow", "w.shop")}`,
    [[...orderTopics, ...customerTopics], FORGOTTEN_SECONDS],
  );
  for (const { shop } of forgotten.rows) await enqueue("orders.follow", { shop });
}
