import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";

let orders = 0;

/** Stores an order of today and marks its customer, in one transaction. @returns its id */
export async function placeOrder(
  shop: ShopDomain,
  customer: string,
  { day, amountMinor }: { day: string; amountMinor: number },
): Promise<string> {
  orders += 1;
  const id = String(900_000_000 + orders);
  await inTransaction(async (client) => {
    await client.query(
      `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
                           test, tags)
       values ($1, $2, $3, $4::date, $4::date, $4, $5, false, '{}')`,
      [shop, id, customer, day, amountMinor],
    );
    await markChanged(client, shop, [customer]);
  });
  return id;
}

/** Excludes orders from scoring, as a cancellation does. */
export async function cancelOrders(shop: ShopDomain, customer: string, id?: string): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      `update orders set left_out = 'cancelled'
        where shop = $1 and customer_id = $2 and order_id = coalesce($3, order_id)`,
      [shop, customer, id ?? null],
    );
    await markChanged(client, shop, [customer]);
  });
}

export async function markedCustomers(shop: ShopDomain): Promise<CustomerId[]> {
  const { rows } = await pool.query<{ customer_id: CustomerId }>(
    "select customer_id from changed_customers where shop = $1 order by 1",
    [shop],
  );
  return rows.map((row) => row.customer_id);
}
