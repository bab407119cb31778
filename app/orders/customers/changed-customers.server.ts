import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";

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

/** A customer who was marked; `mark` is another one after each change. */
export type ChangeMark = { customerId: CustomerId; mark: string };

const columns = `customer_id as "customerId", mark`;

/**
 * The marks that have waited longest, held until the transaction ends: who marks one of these
 * customers again waits until then. Those that are just being set are passed over.
 */
export async function takeMarks(
  client: pg.PoolClient,
  shop: ShopDomain,
  limit: number,
): Promise<ChangeMark[]> {
  const result = await client.query<ChangeMark>(
    `select ${columns} from changed_customers where shop = $1
      order by mark limit $2 for update skip locked`,
    [shop, limit],
  );
  return result.rows;
}

/**
 * The oldest marks there are. Whoever reads a shop's orders after this has seen what they tell of,
 * and may clear them when done.
 */
export async function readMarks(shop: ShopDomain, limit: number): Promise<ChangeMark[]> {
  const result = await pool.query<ChangeMark>(
    `select ${columns} from changed_customers where shop = $1 order by mark limit $2`,
    [shop, limit],
  );
  return result.rows;
}

/** Removes these marks, but none of a customer that was marked again since. */
export async function clearMarks(
  client: pg.PoolClient,
  shop: ShopDomain,
  marks: readonly ChangeMark[],
): Promise<void> {
  if (marks.length === 0) return;
  await client.query(
    `delete from changed_customers c using (
       select customer_id, mark from changed_customers
         join unnest($2::text[], $3::bigint[]) as seen (customer_id, mark)
           using (customer_id, mark)
        where shop = $1 for update of changed_customers skip locked) m
      where c.shop = $1 and c.customer_id = m.customer_id`,
    [shop, marks.map(({ customerId }) => customerId), marks.map(({ mark }) => mark)],
  );
}
