import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** An unhandled webhook with a request. */
export type OpenRequest<Topic extends string> = {
  webhookId: string;
  topic: Topic;
  /** The id of the customer or shop that it names; null if none. */
  resourceId: string | null;
  receivedAt: Date;
};

/** The unhandled requests, in order of arrival. */
export async function openRequests<Topic extends string>(
  shop: ShopDomain,
  topics: readonly Topic[],
): Promise<OpenRequest<Topic>[]> {
  const { rows } = await pool.query<OpenRequest<Topic>>(
    `select webhook_id as "webhookId", topic, resource_id as "resourceId",
            received_at as "receivedAt"
       from webhook_inbox where shop = $1 and handled_at is null and topic = any($2)
      order by received_at, webhook_id`,
    [shop, topics],
  );
  return rows;
}

/** Marks requests as handled and clears the ids in them, in the transaction that completed them. */
export async function markHandled(
  client: pg.PoolClient,
  shop: ShopDomain,
  requests: readonly { webhookId: string }[],
): Promise<void> {
  await client.query(
    `update webhook_inbox set handled_at = now(), resource_id = null, related_id = null
      where shop = $1 and webhook_id = any($2)`,
    [shop, requests.map(({ webhookId }) => webhookId)],
  );
}
