import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { abandonImports } from "#app/orders/store/order-imports.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/**
 * Brings every shop up to date after the database was restored to an earlier moment. Nothing that was
 * under way then goes on: its files were written and read since. All orders are read again, because
 * nothing tells of those that were deleted; the scoring and the write follow, and before the write
 * what is written in Shopify is read anew. Doing it twice does no harm.
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

/** One shop, of which for a while nothing was told: after a restore, or when it came back. */
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
  log.info({ shop }, "to be brought up to date");
}
