import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { countUnnamed, type LoadingImport } from "./order-imports.server.ts";
import type { UnreadableOrder, UnreadableView } from "./unreadable-orders.ts";

/** So many of them are named in one line of the log; all of them stand in the table. */
const LOGGED = 100;
/** So many are named on a screen. */
const SHOWN = 10;

type Readings = {
  /** The ids of the orders that were read, and stored where they were news. */
  read: () => readonly string[];
  unreadable: readonly UnreadableOrder[];
};

/**
 * Keeps which orders could not be read, and forgets those that now can, in the transaction that stored
 * what could: the two are never apart. The last version that could be read stays where it is.
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

/** What was read may be older than the version that could not be. */
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

/** As where orders are stored: none that was deleted, and no version older than what is here. */
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

/** Forgets those from before an import that it did not come upon: they are no longer in the shop. */
export async function forgetNotExported(
  client: pg.PoolClient,
  { shop, startedAt }: LoadingImport,
): Promise<void> {
  await client.query("delete from unreadable_orders where shop = $1 and found_at < $2", [
    shop,
    startedAt,
  ]);
}

/** Those that were last tried the longest ago. */
export async function unreadableOrders(shop: ShopDomain, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ orderId: string }>(
    `select order_id as "orderId" from unreadable_orders
      where shop = $1 order by found_at, order_id limit $2`,
    [shop, limit],
  );
  return rows.map(({ orderId }) => orderId);
}

/** What home shows of them. */
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
