import { now } from "#app/lib/clock.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import {
  applyFetchedOrders,
  type Difference,
  type FetchedOrders,
} from "#app/orders/store/apply-changes.server.ts";
import { countUnnamed } from "#app/orders/store/order-imports.server.ts";
import {
  areUnitsCurrent,
  currentUnits,
  type OrderUnits,
  shopUnitsOf,
} from "#app/orders/store/order-units.server.ts";
import { readAll } from "#app/orders/store/read-order.ts";
import { unreadableOrders } from "#app/orders/store/unreadable-orders.server.ts";
import { runShopFollow } from "#app/orders/webhooks/follow-shop.server.ts";
import { setProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { readInstalled } from "#app/shop/shop-row.server.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import {
  countOrders,
  type ListedOrder,
  ORDERS_PER_QUERY,
  readOrders,
} from "#app/shopify/resources/orders.server.ts";

import { lastChange, readChangedPage } from "./changed-orders-page.server.ts";
import {
  endReconciliation,
  markPageReconciled,
  openReconciliation,
  type OrderTotals,
  type ReconciliationRun,
  restartList,
} from "./reconciliation-runs.server.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A change younger than this may have its webhook on the way: it is stored, and not counted as drift. */
const ON_ITS_WAY_MS = 5 * MINUTE_MS;
/** Orders younger than this are not counted: between two counts some come. */
const UNCOUNTED_MS = 60 * MINUTE_MS;
/** Least time between full imports when totals differ, and the longest time without one. */
const WHOLE_AGAIN_MS = { night: 7 * DAY_MS, merchant: UNCOUNTED_MS };
const WHOLE_ANYWAY_MS = 28 * DAY_MS;

/** A list that is longer, or refused more often, is given up: in bulk all orders are read more cheaply. */
const MOST_LISTED = 150_000;
const MOST_RESTARTS = 5;

type Reconciling = {
  admin: AdminApi;
  check: ReconciliationRun;
  units: OrderUnits;
  signal: AbortSignal | undefined;
};

/** How the list of changed orders ended; `moved`: the shop's units changed meanwhile. */
type ListEnd = "read" | "moved" | "given-up";

/**
 * Compares the stored orders with Shopify's, so that changes without a webhook are repaired and counted:
 * first the orders that changed since the last run, a page at a time, then the totals. What neither finds,
 * a full import does.
 *
 * May be stopped at any point: each page commits together with the place to go on from.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runReconcile(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  // Settings and grants may have changed unheard as well.
  await runShopFollow(shop, signal);
  const row = await readInstalled(shop);
  if (row === null) return;
  const units = await currentUnits(shop);
  // An import ends the checks that wait for it.
  if (units === null) return;
  const check = await openReconciliation(shop);
  const checking = { admin: adminClient(shop), check, units, signal };
  await setProgress(shop, "check", { state: "running", done: 0, total: null });
  const end = await reconcileChanged(checking);
  if (end === "moved" || !(await retryUnreadable(checking, row.fullHistory))) {
    await enqueue("orders.reconcile", { shop });
    return;
  }
  const counted = row.fullHistory ? await count(checking.admin) : null;
  const whole = end === "given-up" || (row.fullHistory && (await isFullImportDue(check, counted)));
  await inTransaction(async (client) => {
    await endReconciliation(client, check, { counted, whole });
    if (whole) await enqueue("orders.import", { shop }, { client });
  });
  if (!whole) await setProgress(shop, "check", { state: "done", done: 0, total: null });
  log.info({ shop, check: check.id, ...counted, whole }, "checked orders");
}

async function reconcileChanged(checking: Reconciling): Promise<ListEnd> {
  const { admin, signal } = checking;
  let { check } = checking;
  let { seen } = check;
  for (;;) {
    signal?.throwIfAborted();
    if (seen >= MOST_LISTED) return giveUp(check, seen);
    const page = await readChangedPage(admin, check, signal);
    if (page === "refused") {
      check = await restartList(check);
      if (check.restarts > MOST_RESTARTS) return giveUp(check, seen);
      continue;
    }
    const found = await fetchListed(checking, await listedDifferently(admin.shop, page.orders));
    const stored = await inTransaction(async (client) => {
      const units = { ...checking.units, lock: "no key update" as const };
      if (!(await areUnitsCurrent(client, admin.shop, units))) return false;
      const differences = await applyFetchedOrders(client, admin.shop, found);
      await markPageReconciled(client, check, {
        seen: page.orders.length,
        differences: withoutRecent(differences, page.orders),
        next: page.next,
        through: lastChange(page.orders),
      });
      return true;
    });
    if (!stored) return "moved";
    seen += page.orders.length;
    await setProgress(admin.shop, "check", { state: "running", done: seen, total: null });
    if (page.next === null) return "read";
    check = { ...check, position: page.next };
  }
}

function giveUp({ shop, id, restarts }: ReconciliationRun, seen: number): ListEnd {
  log.warn(
    { shop, check: id, seen, restarts },
    "gave up the list of changed orders for all orders",
  );
  return "given-up";
}

async function fetchListed(
  { admin, units, signal }: Reconciling,
  ids: string[],
): Promise<FetchedOrders> {
  if (ids.length === 0) return { orders: [], unreadable: [], gone: [] };
  const told = await readOrders(admin, ids, signal);
  // Listed a moment ago, and no longer there.
  return { ...readAll(told, shopUnitsOf(units)), gone: ids.filter((id) => !told.has(id)) };
}

/**
 * Fetches again some of the orders that could not be read: they may have been corrected without a webhook,
 * or this version may be able to read them.
 *
 * @returns false when the shop changed meanwhile
 */
async function retryUnreadable(checking: Reconciling, fullHistory: boolean): Promise<boolean> {
  const { admin, units } = checking;
  const found = await fetchListed(checking, await unreadableOrders(admin.shop, ORDERS_PER_QUERY));
  // Without all orders to see, one that is not seen may be merely old.
  const gone = fullHistory ? found.gone : [];
  if (found.orders.length + found.unreadable.length + gone.length === 0) return true;
  return inTransaction(async (client) => {
    if (!(await areUnitsCurrent(client, admin.shop, units))) return false;
    await applyFetchedOrders(client, admin.shop, { ...found, gone });
    return true;
  });
}

/** The listed orders that differ from the stored ones, but those known to be unreadable in that version. */
async function listedDifferently(
  shop: ShopDomain,
  listed: readonly ListedOrder[],
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select l.id from unnest($2::text[], $3::timestamptz[], $4::text[])
              as l (id, updated_at, customer_id)
       left join orders o on o.shop = $1 and o.order_id = l.id
       left join unreadable_orders u
              on u.shop = $1 and u.order_id = l.id and u.updated_at >= l.updated_at
      where u.order_id is null
        and (o.order_id is null or l.updated_at is null or o.updated_at < l.updated_at
          or (o.updated_at = l.updated_at and o.customer_id is distinct from l.customer_id))`,
    [
      shop,
      listed.map(({ orderId }) => orderId),
      listed.map(({ updatedAt }) => updatedAt),
      listed.map(({ customerId }) => customerId),
    ],
  );
  return rows.map(({ id }) => id);
}

/** Drift is what should have been stored: for what happened just now a webhook may still come. */
function withoutRecent(
  differences: readonly Difference[],
  listed: readonly ListedOrder[],
): Difference[] {
  const newsFrom = now().getTime() - ON_ITS_WAY_MS;
  const news = new Set(
    listed.flatMap(({ orderId, updatedAt }) =>
      updatedAt !== null && Date.parse(updatedAt) > newsFrom ? [orderId] : [],
    ),
  );
  return differences.filter(({ orderId }) => !news.has(orderId));
}

/**
 * How many orders there are here and in the shop: those that were deleted are in no list. Known here are
 * also those that cannot be read.
 */
async function count(admin: AdminApi): Promise<OrderTotals> {
  const before = new Date(now().getTime() - UNCOUNTED_MS);
  const there = await countOrders(admin, before);
  const { rows } = await pool.query<{ stored: string; unreadable: string }>(
    `select (select count(*) from orders where shop = $1 and processed_at < $2) as stored,
            (select count(*) from unreadable_orders u
              where u.shop = $1 and coalesce(u.updated_at, u.found_at) < $2 and not exists (
                select 1 from orders o where o.shop = $1 and o.order_id = u.order_id)) as unreadable`,
    [admin.shop, before],
  );
  const unnamed = await countUnnamed(pool, { shop: admin.shop });
  return { here: Number(rows[0]?.stored) + Number(rows[0]?.unreadable) + unnamed, there };
}

async function isFullImportDue(
  { shop, askedBy }: ReconciliationRun,
  counted: OrderTotals | null,
): Promise<boolean> {
  const { rows } = await pool.query<{ as_of: Date | null }>(
    "select max(as_of) as as_of from order_imports where shop = $1 and state = 'done'",
    [shop],
  );
  const ageMs = now().getTime() - (rows[0]?.as_of?.getTime() ?? 0);
  const differs = counted !== null && counted.there !== null && counted.there !== counted.here;
  return ageMs >= (differs ? WHOLE_AGAIN_MS[askedBy] : WHOLE_ANYWAY_MS);
}
