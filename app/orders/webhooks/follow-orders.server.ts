import type pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { recordTombstones } from "#app/orders/customers/tombstones.server.ts";
import { applyFetchedOrders, type FetchedOrders } from "#app/orders/store/apply-changes.server.ts";
import {
  areUnitsCurrent,
  currentUnits,
  type OrderUnits,
  shopUnitsOf,
} from "#app/orders/store/order-units.server.ts";
import { readAll } from "#app/orders/store/read-order.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { readInstalled } from "#app/shop/shop-row.server.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import { readExistingCustomers } from "#app/shopify/resources/customers.server.ts";
import { ORDERS_PER_QUERY, readOrders } from "#app/shopify/resources/orders.server.ts";

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

/** After this many rounds the job is enqueued again, so that other shops get their turn. */
const MAX_ROUNDS = 10;

/**
 * Fetches and stores the orders named by webhooks, as they are now, follows merged and deleted
 * customers, and marks the customers whose counted orders changed for rescoring. A webhook says
 * only where to look, so late, repeated and reordered ones do no harm.
 *
 * The webhooks of an order that cannot be read are marked as handled; it is fetched again when it
 * changes.
 *
 * May be stopped at any point: a webhook is marked in the transaction that stores its result.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runFollow(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const row = await readInstalled(shop);
  if (row === null) return;
  const { fullHistory } = row;
  const admin = adminClient(shop);
  for (let round = 0; ; round += 1) {
    signal?.throwIfAborted();
    const unread = {
      customers: await readUnreadCustomers(shop, ORDERS_PER_QUERY),
      orders: await readUnreadOrders(shop, ORDERS_PER_QUERY),
    };
    if (unread.customers.length + unread.orders.length === 0) return;
    if (round === MAX_ROUNDS) {
      await enqueue("orders.follow", { shop });
      return;
    }
    // Checked after reading the inbox: an import that starts later includes these changes. One that
    // is under way may not, and enqueues this task again at its end.
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
  // A failed merge sends the same webhook, so a customer counts as gone only if Shopify has none.
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
  const fetched = await readOrders(admin, ids, signal);
  // Without access to all orders, one that is not found may only be older than 60 days.
  const unseen = fullHistory ? ids.filter((id) => !fetched.has(id)) : [];
  return { ...readAll(fetched, shopUnitsOf(units)), gone: [...deleted, ...unseen] };
}

async function storeFetched(
  client: pg.PoolClient,
  { admin: { shop }, units }: Following,
  { unread, found }: { unread: Unread["order"][]; found: FetchedOrders },
): Promise<void> {
  // The webhooks stay unread: the next round uses the new units.
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
