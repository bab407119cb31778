import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";

import type { LoadingImport } from "#app/orders/store/order-imports.server.ts";

/**
 * Records which orders an import has come upon, in the transaction that stored them. Beside the
 * orders instead of in them: most are as they were, and rewriting each row of a large shop to say
 * so takes longer than all the rest.
 *
 * @param line the last one of the chunk
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
 * Removes the orders from before an import that it did not come upon: they are no longer in the
 * shop. One that began without any has none to remove.
 *
 * @returns how many
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

/** Also what imports that were given up have left. */
export async function forgetSeen(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from seen_orders where shop = $1", [shop]);
}
