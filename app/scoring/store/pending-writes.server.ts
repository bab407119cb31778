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
    `insert into pending_writes (shop, customer_id)
     select $1, id from (select distinct unnest($2::text[]) as id) ids order by id
         on conflict (shop, customer_id) do update set mark = excluded.mark`,
    [shop, customerIds],
  );
}

/** A new run has every customer looked at: nobody has to be named. */
export async function forgetPending(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from pending_writes where shop = $1", [shop]);
}
