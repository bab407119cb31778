import type pg from "pg";

import { inTransaction } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { log } from "#app/log.server.ts";
import type { Webhook } from "#app/shopify/webhooks.server.ts";

/**
 * The merchant has removed the app. Once per delivery, so that a delivery repeated after a new
 * installation does not remove that one.
 */
export async function recordUninstall(webhook: Webhook): Promise<void> {
  const { shop, topic, webhookId, triggeredAt } = webhook;
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `insert into webhook_inbox (shop, webhook_id, topic, triggered_at, handled_at)
       values ($1, $2, $3, $4, now()) on conflict do nothing`,
      [shop, webhookId, topic, triggeredAt],
    );
    if (rowCount !== 0) await endInstallation(client, shop, triggeredAt);
  });
}

/**
 * Ends the installation in the caller's transaction: its tokens, which are void already, and its
 * waiting work go; what runs is stopped by its worker. The agreement to writing ends with the
 * installation it was given in. Privacy requests stay, and are done all the same.
 *
 * @param before an installation that began later is another; null ends any
 */
export async function endInstallation(
  client: pg.PoolClient,
  shop: ShopDomain,
  before: string | Date | null,
): Promise<void> {
  const { rowCount } = await client.query(
    `update shops set uninstalled_at = now(), writing_agreed_at = null, definitions_made_at = null
      where shop = $1 and uninstalled_at is null
        and installed_at <= coalesce($2::timestamptz, now())`,
    [shop, before],
  );
  if (rowCount === 0) return;
  await client.query("delete from sessions where shop = $1", [shop]);
  await client.query(
    `delete from pgboss.job
      where data->>'shop' = $1 and state < 'active' and name not like 'privacy.%'`,
    [shop],
  );
  log.info({ shop }, "uninstalled");
}
