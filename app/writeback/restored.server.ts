import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { log } from "#app/lib/log.server.ts";
import { abandonImports } from "#app/orders/store/order-imports.server.ts";

/**
 * Brings every shop up to date after the database was restored to an earlier moment. Nothing that was
 * under way then goes on: its files were written and read since. All orders are read again, because
 * nothing tells of those that were deleted; the scoring and the write follow, and before the write
 * what stands in Shopify is read anew. Doing it twice does no harm.
 *
 * @returns the shops
 */
export async function bringAllUpToDate(): Promise<ShopDomain[]> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    "SELECT shop FROM shops WHERE uninstalled_at IS NULL ORDER BY shop",
  );
  const shops = rows.map(({ shop }) => shop);
  for (const shop of shops) await bringUpToDate(shop);
  return shops;
}

/** One shop, of which for a while nothing was told: after a restore, or when it came back. */
export async function bringUpToDate(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      `UPDATE shops SET restored_at = now(), definitions_made_at = NULL,
              filters_fitted_at = NULL, written_run_id = NULL
        WHERE shop = $1`,
      [shop],
    );
    await client.query(
      `UPDATE write_batches SET state = 'lost', lines = NULL, finished_at = now()
        WHERE shop = $1 AND lines IS NOT NULL`,
      [shop],
    );
    await abandonImports(client, shop);
    await enqueue("orders.import", { shop }, { client });
  });
  log.info({ shop }, "to be brought up to date");
}
