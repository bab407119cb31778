import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import type { ShopDomain } from "#app/lib/ids.ts";
import { readErasedIfAny } from "#app/orders/customers/erased-customers.server.ts";
import type { Move } from "#app/orders/customers/tombstones.server.ts";

import { orderColumns, type OrderRows } from "./order-rows.ts";
import { tableOfOrders } from "./own-table.server.ts";

const columns = orderColumns.join(", ");
const list = (table: string) => orderColumns.map((column) => `${table}.${column}`).join(", ");
const assignments = orderColumns
  .filter((column) => column !== "shop" && column !== "order_id")
  .map((column) => `${column} = excluded.${column}`)
  .join(", ");

type Storing = { orders: OrderRows; seenAt: Date; oldBefore?: Date | null };

export type StoredCounts = { added: number; changed: number; moves: Move[] };

/**
 * Stores orders as one set, in the caller's transaction. When an order occurs twice or is stored
 * already, the newer version wins; unchanged rows are not written.
 *
 * @param seenAt when these orders were known to be in the shop
 * @param oldBefore orders last changed before this moment should have been stored already
 * @returns how many of the latter were missing, how many were different, and which orders moved
 * between customers
 */
export async function storeOrders(
  client: pg.PoolClient,
  shop: ShopDomain,
  { orders, seenAt, oldBefore = null }: Storing,
): Promise<StoredCounts> {
  await client.query(
    `create temp table arriving on commit drop as select ${columns} from orders with no data`,
  );
  const kept = await withoutErased(client, shop, orders);
  const table = await tableOfOrders(client, shop);
  await copy(client, "arriving", kept);
  await applyTombstonesToArriving(client, shop);
  // Forces a nested loop over the primary key: any other join reads all the shop's orders for each
  // chunk.
  await client.query(
    "set local enable_hashjoin = off; set local enable_mergejoin = off; set local jit = off",
  );
  const { rows } = await client.query<StoredCounts>(
    `with compared as materialized (
       select distinct on (arriving.order_id) ${list("arriving")}, o.customer_id as was
         from arriving
         left join orders o on o.shop = $1 and o.order_id = arriving.order_id
        where o.order_id is null
           or (o.updated_at <= arriving.updated_at
               and (${list("o")}) is distinct from (${list("arriving")}))
        order by arriving.order_id, arriving.updated_at desc
     ), stored as (
       insert into ${table} as orders (${columns}, seen_at)
       select ${columns}, $2::timestamptz from compared
       on conflict (shop, order_id) do update set ${assignments}, seen_at = excluded.seen_at
         where orders.updated_at <= excluded.updated_at
       returning xmax = 0 as added, updated_at
     )
     select count(*) filter (where added)::int as added,
            count(*) filter (where not added)::int as changed,
            (select coalesce(jsonb_agg(distinct jsonb_build_object('from', was, 'to', customer_id)),
                             '[]')
               from compared where was <> customer_id) as moves
       from stored where updated_at < coalesce($3, 'infinity'::timestamptz)`,
    [shop, seenAt, oldBefore],
  );
  await client.query("drop table arriving");
  return rows[0] ?? { added: 0, changed: 0, moves: [] };
}

/**
 * Stores new orders without comparing, in the caller's transaction.
 *
 * @throws pg.DatabaseError unique_violation when one exists or occurs twice
 */
export async function storeNewOrders(
  client: pg.PoolClient,
  shop: ShopDomain,
  orders: OrderRows,
): Promise<void> {
  const kept = await withoutErased(client, shop, orders);
  const table = await tableOfOrders(client, shop);
  await copy(client, table, kept);
}

/**
 * Fetched orders may be older than webhooks received since. A deleted order stays deleted (its id
 * is never reused), and the orders of a merged customer belong to the other one.
 */
async function applyTombstonesToArriving(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    `delete from arriving a using webhook_inbox w
      where w.shop = $1 and w.topic = 'orders/delete' and w.resource_id = a.order_id`,
    [shop],
  );
  await client.query(
    `update arriving a set customer_id = g.into_customer_id from gone_customers g
      where g.shop = $1 and g.customer_id = a.customer_id and g.into_customer_id is not null`,
    [shop],
  );
}

async function copy(client: pg.PoolClient, into: string, orders: OrderRows): Promise<void> {
  const copying = copyFrom(`copy ${into} (${columns}) from stdin (format binary)`);
  await pipeline(Readable.from(orders.pieces()), client.query(copying));
}

/**
 * Removes erased customers from the orders, since Shopify or an older export may still name them.
 * To be called in the transaction that stores the orders.
 */
async function withoutErased(
  client: pg.PoolClient,
  shop: ShopDomain,
  orders: OrderRows,
): Promise<OrderRows> {
  const isErased = await readErasedIfAny(client, shop);
  return isErased === null ? orders : orders.withoutCustomers(isErased);
}
