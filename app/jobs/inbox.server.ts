import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";

/** What is kept of a webhook: ids and times, never its body. */
export type InboxEntry = {
  shop: ShopDomain;
  topic: string;
  webhookId: string;
  triggeredAt: string | null;
  /** The gid or number of what it is about; null when it is about the shop. */
  resourceId: string | null;
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
