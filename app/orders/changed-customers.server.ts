import type pg from "pg";

import type { ShopDomain } from "#app/ids.ts";
import { enqueue } from "#app/jobs/queue.server.ts";

/**
 * Records that what counts of these customers has changed, and asks for their scoring, in the
 * transaction that changed it: the three are never apart. Name both customers when an order went
 * from one to another. Repeated ids are welcome; without any nothing happens.
 */
export async function markChanged(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly string[],
): Promise<void> {
  if (customerIds.length === 0) return;
  // In one order for all who mark, so that no two wait for each other.
  await client.query(
    `insert into changed_customers (shop, customer_id)
     select $1, id from (select distinct unnest($2::text[]) as id) ids order by id
     on conflict (shop, customer_id) do update set mark = excluded.mark, changed_at = now()`,
    [shop, customerIds],
  );
  await enqueue("scoring.rescore", { shop }, { client });
}
