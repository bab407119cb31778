import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/**
 * Marks customers whose counted orders have changed and enqueues their rescoring, in the transaction that
 * changed the orders. When an order moved from one customer to another, pass both. Ids may repeat.
 */
export async function markChanged(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly string[],
): Promise<void> {
  if (customerIds.length === 0) return;
  // Sorted, so that two transactions that mark the same customers do not deadlock.
  await client.query(
    `insert into changed_customers (shop, customer_id)
     select $1, id from (select distinct unnest($2::text[]) as id) ids order by id
     on conflict (shop, customer_id) do update set mark = excluded.mark, changed_at = now()`,
    [shop, customerIds],
  );
  await enqueue("scoring.rescore", { shop }, { client });
}

/** A marked customer; each change sets a new, higher `mark`. */
export type ChangeMark = { customerId: CustomerId; mark: string };

const COLUMNS = `customer_id as "customerId", mark`;

/**
 * The oldest marks, locked until the transaction ends, so that marking one of these customers again
 * waits. Marks locked by another transaction are skipped.
 */
export async function takeMarks(
  client: pg.PoolClient,
  shop: ShopDomain,
  limit: number,
): Promise<ChangeMark[]> {
  const result = await client.query<ChangeMark>(
    `select ${COLUMNS} from changed_customers where shop = $1
      order by mark limit $2 for update skip locked`,
    [shop, limit],
  );
  return result.rows;
}

/**
 * The oldest marks, unlocked. A run that loads the shop's orders after this call includes these
 * changes, and may clear the marks when it is saved.
 */
export async function readMarks(shop: ShopDomain, limit: number): Promise<ChangeMark[]> {
  const result = await pool.query<ChangeMark>(
    `select ${COLUMNS} from changed_customers where shop = $1 order by mark limit $2`,
    [shop, limit],
  );
  return result.rows;
}

/** Removes these marks, unless the customer was marked again since. */
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
