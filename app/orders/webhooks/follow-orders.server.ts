import type pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { log } from "#app/lib/log.server.ts";
import { adminClient, type AdminApi } from "#app/shopify/api/client.server.ts";
import { readExistingCustomers } from "#app/shopify/resources/customers.server.ts";
import { ORDERS_PER_QUERY, readOrders } from "#app/shopify/resources/orders.server.ts";
import { readInstalled } from "#app/shop/shop-row.server.ts";

import { applyFetchedOrders, type FetchedOrders } from "#app/orders/store/apply-changes.server.ts";
import { recordTombstones } from "#app/orders/customers/tombstones.server.ts";
import { readAll } from "#app/orders/store/read-order.ts";
import {
  areUnitsCurrent,
  currentUnits,
  shopUnitsOf,
  type OrderUnits,
} from "#app/orders/store/order-units.server.ts";
import {
  clearErasedIds,
  markWebhooksHandled,
  readUnreadCustomers,
  readUnreadOrders,
  type Unread,
} from "./unread-webhooks.server.ts";

type Following = {
  admin: AdminApi;
  units: OrderUnits;
  fullHistory: boolean;
  signal: AbortSignal | undefined;
};

/** After so many readings the shops that have waited longer come first. */
const TURNS = 10;

/**
 * Brings the orders in that webhooks spoke of, as they are now, and follows customers who were
 * merged or deleted: a webhook says only where to look, so that late, repeated and reordered ones do
 * no harm. Marks the customers for whom something that counts has changed: they are scored anew.
 *
 * An order that cannot be read is set aside, and its webhooks are done: it is looked at again when it
 * changes.
 *
 * May be stopped at any point: a webhook is done in the transaction that stores what it led to.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runFollow(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const row = await readInstalled(shop);
  if (row === null) return;
  const { fullHistory } = row;
  const admin = adminClient(shop);
  for (let turn = 0; ; turn += 1) {
    signal?.throwIfAborted();
    const unread = {
      customers: await readUnreadCustomers(shop, ORDERS_PER_QUERY),
      orders: await readUnreadOrders(shop, ORDERS_PER_QUERY),
    };
    if (unread.customers.length + unread.orders.length === 0) return;
    if (turn === TURNS) {
      await enqueue("orders.follow", { shop });
      return;
    }
    // After the reading: an export that begins later knows all that these tell of. One that is
    // under way may not, and asks for this work again at its end.
    const units = await currentUnits(shop);
    if (units === null) return;
    const following = { admin, units, fullHistory, signal };
    await followCustomers(unread.customers, following);
    await followOrders(unread.orders, following);
  }
}

async function followCustomers(unread: Unread["customer"][], following: Following): Promise<void> {
  if (unread.length === 0) return;
  const { admin, signal } = following;
  const ids = [...new Set(unread.map(({ customerId }) => customerId))];
  const present = await readExistingCustomers(admin, ids, signal);
  // A merge that failed is told like one that was done: only who is not there is gone.
  const gone = unread.filter(({ customerId }) => !present.has(customerId));
  await inTransaction(async (client) => {
    await recordTombstones(client, admin.shop, gone);
    await markWebhooksHandled(client, admin.shop, unread);
    await clearErasedIds(client, admin.shop, unread);
  });
}

async function followOrders(unread: Unread["order"][], following: Following): Promise<void> {
  if (unread.length === 0) return;
  const found = await fetchOrders(unread, following);
  await inTransaction((client) => storeFetched(client, following, { unread, found }));
}

async function fetchOrders(
  unread: Unread["order"][],
  following: Following,
): Promise<FetchedOrders> {
  const { admin, units, fullHistory, signal } = following;
  const deleted = unread.filter((one) => one.deleted).map(({ orderId }) => orderId);
  const asked = unread.filter((one) => !one.late && !one.deleted);
  if (asked.length === 0) return { orders: [], unreadable: [], gone: deleted };
  const ids = asked.map(({ orderId }) => orderId);
  const told = await readOrders(admin, ids, signal);
  // Without all orders to see, one that is not seen may be merely old.
  const unseen = fullHistory ? ids.filter((id) => !told.has(id)) : [];
  return { ...readAll(told, shopUnitsOf(units)), gone: [...deleted, ...unseen] };
}

async function storeFetched(
  client: pg.PoolClient,
  { admin: { shop }, units }: Following,
  { unread, found }: { unread: Unread["order"][]; found: FetchedOrders },
): Promise<void> {
  // They stay unread, and are read again in the units of now.
  if (!(await areUnitsCurrent(client, shop, units))) return;
  const differences = await applyFetchedOrders(client, shop, found);
  await markWebhooksHandled(client, shop, unread);
  const { orders, unreadable, gone } = found;
  const counts = {
    seen: orders.length,
    unreadable: unreadable.length,
    gone: gone.length,
    different: differences.length,
  };
  log.info({ shop, ...counts }, "followed orders");
}
