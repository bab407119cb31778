import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { countUnnamed, type LoadingImport } from "./order-imports.server.ts";
import type { UnreadableOrder, UnreadableView } from "./unreadable-orders.ts";

/** Most orders named in one log line; the table has all of them. */
const LOGGED = 100;
/** Most orders named on a screen. */
const SHOWN = 10;

type Readings = {
  /** Ids of the orders that could be read. */
  read: () => readonly string[];
  unreadable: readonly UnreadableOrder[];
};

/**
 * Records unreadable orders and removes those that can be read now, in the transaction that stored
 * the readable ones. The last readable version of an order stays in `orders`.
 */
export async function recordUnreadable(
  client: pg.PoolClient,
  shop: ShopDomain,
  { read, unreadable }: Readings,
): Promise<void> {
  const { rowCount } = await client.query(
    "select 1 from unreadable_orders where shop = $1 limit 1",
    [shop],
  );
  if (rowCount !== 0) await forgetReadable(client, shop, read());
  if (unreadable.length === 0) return;
  await record(client, shop, unreadable);
  const orders = unreadable
    .slice(0, LOGGED)
    .map(({ orderId, reason, detail }) => ({ order: orderId, reason, detail }));
  log.warn({ shop, count: unreadable.length, orders }, "set aside orders that cannot be read");
}

/** Removes orders only when the version that was read is at least as new as the unreadable one. */
async function forgetReadable(
  client: pg.PoolClient,
  shop: ShopDomain,
  orderIds: readonly string[],
): Promise<void> {
  await client.query(
    `delete from unreadable_orders u
      where u.shop = $1 and u.order_id = any($2) and (u.updated_at is null or exists (
        select 1 from orders o
         where o.shop = $1 and o.order_id = u.order_id and o.updated_at >= u.updated_at))`,
    [shop, orderIds],
  );
}

/** Skips deleted orders and versions older than the stored one, as storing orders does. */
async function record(
  client: pg.PoolClient,
  shop: ShopDomain,
  unreadable: readonly UnreadableOrder[],
): Promise<void> {
  await client.query(
    `insert into unreadable_orders (shop, order_id, reason, detail, updated_at)
     select distinct on (u."orderId") $1, u."orderId", u.reason, u.detail, u."updatedAt"
       from jsonb_to_recordset($2::jsonb)
              as u ("orderId" text, reason text, detail text, "updatedAt" timestamptz)
      where not exists (
              select 1 from webhook_inbox w
               where w.shop = $1 and w.topic = 'orders/delete' and w.resource_id = u."orderId")
        and not exists (
              select 1 from orders o
               where o.shop = $1 and o.order_id = u."orderId" and o.updated_at > u."updatedAt")
      order by u."orderId", u."updatedAt" desc nulls last
     on conflict (shop, order_id) do update set
       reason = excluded.reason, detail = excluded.detail, updated_at = excluded.updated_at,
       found_at = excluded.found_at`,
    [shop, JSON.stringify(unreadable)],
  );
}

/** These orders are no longer in the shop. */
export async function forgetDeleted(
  client: pg.PoolClient,
  shop: ShopDomain,
  orderIds: readonly string[],
): Promise<void> {
  await client.query("delete from unreadable_orders where shop = $1 and order_id = any($2)", [
    shop,
    orderIds,
  ]);
}

/** Removes those found before an import and not seen by it: they are no longer in the shop. */
export async function forgetNotExported(
  client: pg.PoolClient,
  { shop, startedAt }: LoadingImport,
): Promise<void> {
  await client.query("delete from unreadable_orders where shop = $1 and found_at < $2", [
    shop,
    startedAt,
  ]);
}

/** Ids, those tried longest ago first. */
export async function unreadableOrders(shop: ShopDomain, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ orderId: string }>(
    `select order_id as "orderId" from unreadable_orders
      where shop = $1 order by found_at, order_id limit $2`,
    [shop, limit],
  );
  return rows.map(({ orderId }) => orderId);
}

/** The unreadable orders that the home screen shows. */
export async function readUnreadable(shop: ShopDomain): Promise<UnreadableView> {
  const { rows } = await pool.query<UnreadableView["named"][number] & { count: string }>(
    `select order_id as "orderId", reason, count(*) over () as count from unreadable_orders
      where shop = $1 order by found_at desc, order_id limit ${String(SHOWN)}`,
    [shop],
  );
  const unnamed = await countUnnamed(pool, { shop });
  return {
    orders: Number(rows[0]?.count ?? 0) + unnamed,
    named: rows.map(({ orderId, reason }) => ({ orderId, reason })),
    unnamed,
  };
}
