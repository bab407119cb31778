import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";

/**
 * Notes, in the transaction that changes it, that what is wanted of these customers in Shopify, or
 * what is known to stand there, is no longer what it was.
 */
export async function markPending(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly string[],
): Promise<void> {
  await client.query(
    `INSERT INTO pending_writes (shop, customer_id)
     SELECT $1, id FROM (SELECT DISTINCT unnest($2::text[]) AS id) ids ORDER BY id
         ON CONFLICT (shop, customer_id) DO UPDATE SET mark = excluded.mark`,
    [shop, customerIds],
  );
}

/** A new run has every customer looked at: nobody has to be named. */
export async function forgetPending(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("DELETE FROM pending_writes WHERE shop = $1", [shop]);
}
