import type pg from "pg";

import { inTransaction, prisma } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";
import { log } from "#app/log.server.ts";
import { adminClient, type AdminApi } from "#app/shopify/client.server.ts";
import { currencyDigits } from "#app/shopify/money.ts";
import { ORDERS_PER_QUERY, readOrders } from "#app/shopify/orders.server.ts";

import { markChanged } from "./changed-customers.server.ts";
import { isImported } from "./import-state.server.ts";
import { normaliseOrder, type ShopUnits, type StoredOrder } from "./normalise.ts";
import { shopCalendar } from "./shop-day.ts";
import { storeOrders } from "./store.server.ts";
import { markRead, unreadOrders, type UnreadOrder } from "./unread.server.ts";

type Following = {
  admin: AdminApi;
  units: ShopUnits;
  fullHistory: boolean;
  signal: AbortSignal | undefined;
};

/** What a look at Shopify brought. */
type Found = { orders: StoredOrder[]; gone: string[] };

/**
 * Brings the orders in that webhooks spoke of, as they are now: a webhook says only where to look,
 * so that late, repeated and reordered ones do no harm. Marks the customers for whom something that
 * counts has changed: they are scored anew.
 *
 * May be stopped at any point: a webhook is done in the transaction that stores its order.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runFollow(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const row = await prisma.shop.findUnique({ where: { shop } });
  if (row === null || row.uninstalledAt !== null) return;
  const { currency, timeZone, fullHistory } = row;
  const units = { dayOf: shopCalendar(timeZone), digits: currencyDigits(currency) };
  const following = { admin: adminClient(shop), units, fullHistory, signal };
  for (;;) {
    signal?.throwIfAborted();
    const unread = await unreadOrders(shop, ORDERS_PER_QUERY);
    if (unread.length === 0) return;
    // After the reading: an export that begins later knows all that these tell of. One that is
    // under way may not, and asks for this work again at its end.
    if (!(await isImported(shop))) return;
    const found = await look(unread, following);
    await inTransaction((client) => keep(client, shop, { unread, found }));
  }
}

async function look(unread: UnreadOrder[], following: Following): Promise<Found> {
  const { admin, units, fullHistory, signal } = following;
  const asked = unread.filter(({ late }) => !late);
  if (asked.length === 0) return { orders: [], gone: [] };
  const ids = asked.map(({ orderId }) => orderId);
  const seen = await readOrders(admin, ids, signal);
  try {
    const orders = [...seen.values()].map((order) => normaliseOrder(order, units));
    // Without all orders to see, one that is not seen may be merely old.
    const gone = asked.filter((one) => !seen.has(one.orderId) && (one.deleted || fullHistory));
    return { orders, gone: gone.map(({ orderId }) => orderId) };
  } catch (cause) {
    throw new AppError("shopify-unreadable", `${admin.shop}: an order could not be read`, {
      retryable: false,
      cause,
    });
  }
}

async function keep(
  client: pg.PoolClient,
  shop: ShopDomain,
  { unread, found }: { unread: UnreadOrder[]; found: Found },
): Promise<void> {
  const { orders, gone } = found;
  const ids = [...orders.map(({ orderId }) => orderId), ...gone];
  const before = await whatCounts(client, shop, ids);
  if (orders.length > 0) await storeOrders(client, shop, { orders, seenAt: new Date() });
  await client.query("delete from orders where shop = $1 and order_id = any($2)", [shop, gone]);
  const changed = changedCustomers(before, await whatCounts(client, shop, ids));
  await markRead(client, shop, unread);
  await markChanged(client, shop, changed);
  log.info(
    { shop, seen: orders.length, gone: gone.length, customers: changed.length },
    "followed orders",
  );
}

/** What scores take from an order, to be compared, and whose it is. */
type Counting = { customerId: string | null; counts: string };

async function whatCounts(
  client: pg.PoolClient,
  shop: ShopDomain,
  ids: string[],
): Promise<Map<string, Counting>> {
  const result = await client.query<Counting & { orderId: string }>(
    `select order_id as "orderId", customer_id as "customerId",
            concat_ws(' ', coalesce(customer_id, '-'), day, amount_minor, left_out) as counts
       from orders where shop = $1 and order_id = any($2)`,
    [shop, ids],
  );
  return new Map(result.rows.map(({ orderId, ...counting }) => [orderId, counting]));
}

/** Those whose an order was, and those whose it is now. */
function changedCustomers(before: Map<string, Counting>, after: Map<string, Counting>): string[] {
  const orders = new Set([...before.keys(), ...after.keys()]);
  return [...orders].flatMap((order) => {
    const [was, is] = [before.get(order), after.get(order)];
    if (was?.counts === is?.counts) return [];
    return [was?.customerId, is?.customerId].filter((id) => typeof id === "string");
  });
}
