import { pool } from "#app/db.server.ts";
import type { Webhook } from "#app/shopify/webhooks.server.ts";

/**
 * The merchant has removed the app: its tokens are void already. In one statement, and once per
 * delivery, so that a delivery repeated after a new installation does not remove that one. The
 * agreement to writing ends with the installation it was given in.
 */
export async function recordUninstall(webhook: Webhook): Promise<void> {
  const { shop, topic, webhookId, triggeredAt } = webhook;
  await pool.query(
    `with arrived as (
       insert into webhook_inbox (shop, webhook_id, topic, triggered_at, handled_at)
       values ($1, $2, $3, $4, now()) on conflict do nothing returning shop
     ), gone as (
       update shops set uninstalled_at = now(), writing_agreed_at = null
        where shop in (select shop from arrived)
          and installed_at <= coalesce($4::timestamptz, now())
       returning shop
     )
     delete from sessions where shop in (select shop from gone)`,
    [shop, webhookId, topic, triggeredAt],
  );
}
