import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { countedOrders } from "#app/orders/purchases/purchase-days.server.ts";
import { heldTables } from "#app/privacy/tables.ts";

type Row = Record<string, unknown>;

type Asked = { webhookId: string; customerId: string; receivedAt: Date };

/** Stores a report of everything held about the customer now, for the merchant. */
export async function makeReport(
  client: pg.PoolClient,
  shop: ShopDomain,
  { webhookId, customerId, receivedAt }: Asked,
): Promise<void> {
  const held: Record<string, Row[]> = {};
  for (const { table, customer, told } of heldTables) {
    if (customer === null || told !== true) continue;
    const { rows } = await client.query<{ row: Row }>(
      `select to_jsonb(t) - 'shop' - '${customer}' as row from ${table} t
        where t.shop = $1 and t.${customer} = $2 order by 1`,
      [shop, customerId],
    );
    held[table] = rows.map(({ row }) => row);
  }
  // Whether an order counts is decided at each reading, so the report records it.
  const counted = await countedOrders(client, shop, customerId);
  held.orders = (held.orders ?? []).map((row) => {
    return { ...row, counted: counted.has(String(row.order_id)) };
  });
  await client.query(
    `insert into privacy_reports (shop, id, customer_id, requested_at, held)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [shop, webhookId, customerId, receivedAt, JSON.stringify(held)],
  );
}
