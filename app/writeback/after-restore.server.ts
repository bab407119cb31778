import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { abandonImports } from "#app/orders/store/order-imports.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/**
 * Brings every shop up to date after the database was restored to an earlier moment. Imports and
 * batches of that moment are abandoned. All orders are imported again, since no webhook will report
 * those deleted meanwhile; scoring and writing follow, and the written state is read from Shopify
 * before the write. Idempotent.
 *
 * @returns the shops
 */
export async function bringAllUpToDate(): Promise<ShopDomain[]> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    "select shop from shops where uninstalled_at is null order by shop",
  );
  const shops = rows.map(({ shop }) => shop);
  for (const shop of shops) await bringUpToDate(shop);
  return shops;
}

/** For one shop that missed webhooks: after a restore, or when it came back. */
export async function bringUpToDate(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      `update shops set restored_at = now(), definitions_made_at = null,
              filters_fitted_at = null, written_run_id = null
        where shop = $1`,
      [shop],
    );
    await client.query(
      `update write_batches set state = 'lost', lines = null, finished_at = now()
        where shop = $1 and lines is not null`,
      [shop],
    );
    await abandonImports(client, shop);
    await enqueue("orders.import", { shop }, { client });
  });
  log.info({ shop }, "bringing the shop up to date");
}
