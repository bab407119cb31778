import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";
import { enqueueMergeChecks, type Move } from "#app/orders/customers/tombstones.server.ts";

import type { StoredOrder } from "./normalise.ts";
import { orderRows } from "./order-rows.ts";
import { leavesOut, readOrderRules, WORTH_NOTHING } from "./order-rules.server.ts";
import { storeOrders } from "./store-orders.server.ts";
import { forgetDeleted, recordUnreadable } from "./unreadable-orders.server.ts";
import type { UnreadableOrder } from "./unreadable-orders.ts";

/** Orders as just fetched from Shopify; `gone` has the ids of deleted ones. */
export type FetchedOrders = {
  orders: StoredOrder[];
  unreadable: UnreadableOrder[];
  gone: string[];
};

/** An order whose counted fields, those that scores depend on, differed from Shopify's. */
export type Difference = {
  orderId: string;
  /**
   * missing: not stored; stale: an older version was stored; wrong: the same version, with other
   * fields; removed: no longer in the shop.
   */
  kind: "missing" | "stale" | "wrong" | "removed";
};

/**
 * Stores fetched orders, sets unreadable ones aside, and marks the customers whose counted fields
 * have changed, in the caller's transaction.
 *
 * @returns what differed before
 */
export async function applyFetchedOrders(
  client: pg.PoolClient,
  shop: ShopDomain,
  { orders, unreadable, gone }: FetchedOrders,
): Promise<Difference[]> {
  const ids = [...orders.map(({ orderId }) => orderId), ...gone];
  const before = await readCountedFields(client, shop, ids);
  if (orders.length > 0) {
    await storeOrders(client, shop, { orders: orderRows(shop, orders), seenAt: new Date() });
  }
  await client.query("delete from orders where shop = $1 and order_id = any($2)", [shop, gone]);
  await forgetDeleted(client, shop, gone);
  await recordUnreadable(client, shop, {
    read: () => orders.map(({ orderId }) => orderId),
    unreadable,
  });
  const changes = compare(before, await readCountedFields(client, shop, ids));
  const customers = changes.flatMap(({ was, is }) =>
    [was?.customerId, is?.customerId].filter((id) => typeof id === "string"),
  );
  await markChanged(client, shop, customers);
  await enqueueMergeChecks(client, shop, movesIn(changes));
  return changes.map((change) => ({ orderId: change.orderId, kind: kindOf(change) }));
}

/** `counts` joins all fields that scores depend on, for comparison. */
type CountedFields = { customerId: string | null; counts: string; updatedAt: Date };

type Change = { orderId: string; was: CountedFields | undefined; is: CountedFields | undefined };

async function readCountedFields(
  client: pg.PoolClient,
  shop: ShopDomain,
  ids: string[],
): Promise<Map<string, CountedFields>> {
  const ruled = leavesOut(await readOrderRules(shop, client));
  const result = await client.query<CountedFields & { orderId: string }>(
    `select order_id as "orderId", customer_id as "customerId", updated_at as "updatedAt",
            concat_ws(' ', coalesce(customer_id, '-'), day, amount_minor, left_out, ${ruled},
              ${WORTH_NOTHING}) as counts
       from orders where shop = $1 and order_id = any($2)`,
    [shop, ids],
  );
  return new Map(result.rows.map(({ orderId, ...counting }) => [orderId, counting]));
}

function compare(before: Map<string, CountedFields>, after: Map<string, CountedFields>): Change[] {
  const orders = new Set([...before.keys(), ...after.keys()]);
  return [...orders].flatMap((orderId) => {
    const [was, is] = [before.get(orderId), after.get(orderId)];
    return was?.counts === is?.counts ? [] : [{ orderId, was, is }];
  });
}

function kindOf({ was, is }: Change): Difference["kind"] {
  if (was === undefined) return "missing";
  if (is === undefined) return "removed";
  return was.updatedAt < is.updatedAt ? "stale" : "wrong";
}

function movesIn(changes: Change[]): Move[] {
  return changes.flatMap(({ was, is }) => {
    const [from, to] = [was?.customerId, is?.customerId];
    return typeof from === "string" && typeof to === "string" && from !== to ? [{ from, to }] : [];
  });
}
