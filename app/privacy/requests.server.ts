import type pg from "pg";

import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";

import { privacyTopics, type PrivacyTopic } from "./topics.ts";

/** A privacy webhook that has not been done yet. */
export type PrivacyRequest = {
  webhookId: string;
  topic: PrivacyTopic;
  /** Null for a request about the shop. */
  customerId: string | null;
  receivedAt: Date;
};

/** In the order in which they came. */
export async function openRequests(shop: ShopDomain): Promise<PrivacyRequest[]> {
  const { rows } = await pool.query<PrivacyRequest>(
    `select webhook_id as "webhookId", topic, resource_id as "customerId",
            received_at as "receivedAt"
       from webhook_inbox where shop = $1 and handled_at is null and topic = any($2)
      order by received_at, webhook_id`,
    [shop, privacyTopics],
  );
  return rows;
}

/** In the transaction that did it. The number of the customer is not kept beyond that. */
export async function markHandled(
  client: pg.PoolClient,
  shop: ShopDomain,
  { webhookId }: PrivacyRequest,
): Promise<void> {
  await client.query(
    `update webhook_inbox set handled_at = now(), resource_id = null, related_id = null
      where shop = $1 and webhook_id = $2`,
    [shop, webhookId],
  );
}
