import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import type { ShopDomain } from "#app/ids.ts";

import type { StoredOrder } from "./normalise.ts";
import { orderColumns, orderRow } from "./order-rows.ts";

const columns = orderColumns.join(", ");
const assignments = orderColumns
  .filter((column) => column !== "order_id")
  .map((column) => `${column} = excluded.${column}`)
  .join(", ");

/**
 * Stores orders as one set, in the caller's transaction. Of an order that comes twice, or is there
 * already, the newer version stays.
 *
 * @param seenAt when these orders were known to be in the shop
 */
export async function storeOrders(
  client: pg.PoolClient,
  shop: ShopDomain,
  { orders, seenAt }: { orders: StoredOrder[]; seenAt: Date },
): Promise<void> {
  await client.query(
    `create temp table arriving on commit drop as select ${columns} from orders with no data`,
  );
  await pipeline(
    Readable.from(chunksOf(orders)),
    client.query(copyFrom(`copy arriving (${columns}) from stdin`)),
  );
  await client.query(
    `insert into orders (shop, ${columns}, seen_at)
     select distinct on (order_id) $1, ${columns}, $2::timestamptz
       from arriving order by order_id, updated_at desc
     on conflict (shop, order_id) do update set ${assignments}, seen_at = excluded.seen_at
       where orders.updated_at <= excluded.updated_at`,
    [shop, seenAt],
  );
  await client.query(
    `update orders set seen_at = $2 from arriving
      where orders.shop = $1 and orders.order_id = arriving.order_id and orders.seen_at < $2`,
    [shop, seenAt],
  );
  await client.query("drop table arriving");
}

/** Some hundred rows at a time: a stream that hands on single rows is slower by half. */
function* chunksOf(orders: StoredOrder[], size = 500): Generator<string> {
  for (let from = 0; from < orders.length; from += size) {
    yield orders
      .slice(from, from + size)
      .map(orderRow)
      .join("");
  }
}

/** Removes the orders that were not seen since. @returns how many */
export async function removeUnseen(
  client: pg.PoolClient,
  shop: ShopDomain,
  since: Date,
): Promise<number> {
  const result = await client.query("delete from orders where shop = $1 and seen_at < $2", [
    shop,
    since,
  ]);
  return result.rowCount ?? 0;
}
