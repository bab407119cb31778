import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import type { LoadingImport } from "#app/orders/store/order-imports.server.ts";

/**
 * Records the orders that an import has seen, in the transaction that stored them. They are kept in
 * a table of their own: most orders are unchanged, and updating each row of a large shop would take
 * longer than the rest of the import.
 *
 * @param line number of the chunk's last line
 */
export async function recordSeen(
  client: pg.PoolClient,
  job: LoadingImport,
  { orderIds, line }: { orderIds: string[]; line: number },
): Promise<void> {
  await client.query(
    `insert into seen_orders (shop, import_id, line, order_ids)
     values ($1, $2, $3, string_to_array($4, ','))`,
    [job.shop, job.id, line, orderIds.join()],
  );
}

/**
 * Removes the orders that were stored before the import and not seen by it: they are no longer in
 * the shop. An import into a shop without orders has none to remove.
 *
 * @returns how many were removed
 */
export async function removeUnseen(client: pg.PoolClient, job: LoadingImport): Promise<number> {
  if (job.direct) return 0;
  const result = await client.query(
    `with seen as materialized (
       select unnest(order_ids) as order_id from seen_orders where shop = $1 and import_id = $2
     )
     delete from orders where shop = $1 and seen_at < $3
        and not exists (select 1 from seen where seen.order_id = orders.order_id)`,
    [job.shop, job.id, job.startedAt],
  );
  return result.rowCount ?? 0;
}

/** Clears the shop's rows, including those of failed imports. */
export async function forgetSeen(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from seen_orders where shop = $1", [shop]);
}
