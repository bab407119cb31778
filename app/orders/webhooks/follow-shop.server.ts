import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { currentUnits, hasMoreHistory } from "#app/orders/store/order-units.server.ts";
import { readProgress, setProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { retryTask } from "#app/queue/retry.server.ts";
import { grantedWork, isAllowed } from "#app/shop/grants.ts";
import { refreshShop } from "#app/shop/install.server.ts";
import { readInstalled } from "#app/shop/shop-row.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";

import { shopTopics } from "./webhook-payload.ts";

/**
 * Reads the shop's current settings and grants and acts on changes. A new time zone moves purchase
 * days, a new currency changes amounts, more history is imported, and less history, or a
 * development store that went live, is scored again.
 *
 * May be stopped at any point: the webhooks are marked as handled last.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runShopFollow(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const before = await readInstalled(shop);
  if (before === null) return;
  const unread = await unreadAboutShop(shop);
  const { fullHistory, developmentStore, scopes } = await refreshShop(adminClient(shop));
  await showGrantedWork(shop, scopes);
  if (await hasMoreHistory(shop)) await enqueue("orders.import", { shop });
  await currentUnits(shop);
  await inTransaction(async (client) => {
    const less = before.fullHistory && !fullHistory;
    const others = before.developmentStore !== developmentStore;
    if (less || others) await enqueue("scoring.run", { shop }, { client });
    await client.query(
      "update webhook_inbox set handled_at = now() where shop = $1 and webhook_id = any($2)",
      [shop, unread],
    );
  });
}

async function unreadAboutShop(shop: ShopDomain): Promise<string[]> {
  const { rows } = await pool.query<{ webhook_id: string }>(
    `select webhook_id from webhook_inbox
      where shop = $1 and handled_at is null and topic = any($2)`,
    [shop, shopTopics],
  );
  return rows.map((row) => row.webhook_id);
}

const DENIED = "shopify-access-denied";

/** Shows work whose scope was revoked as failed, and retries it when the scope is granted again. */
async function showGrantedWork(shop: ShopDomain, scopes: readonly string[]): Promise<void> {
  const progress = await readProgress(shop);
  for (const work of grantedWork) {
    const shown = progress.find(({ task }) => task === work);
    if (shown === undefined) continue;
    const { state, done, total, errorCode } = shown;
    const isShown = state === "failed" && errorCode === DENIED;
    if (isAllowed(work, scopes)) {
      if (isShown) await retryTask(shop, work);
    } else if (!isShown) {
      await setProgress(shop, work, { state: "failed", done, total, errorCode: DENIED });
    }
  }
}
