import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";

/**
 * Marks customers whose desired or written state has changed, in the transaction that changed it.
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

/** After a new run the diff covers all customers, so the marks are not needed. */
export async function forgetPending(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from pending_writes where shop = $1", [shop]);
}
