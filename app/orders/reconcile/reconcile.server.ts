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

/**
 * The webhook of a younger change may still arrive: the order is stored, but not counted as drift.
 */
const WEBHOOK_DELAY_MS = 5 * MINUTE_MS;
/** Younger orders are left out of the totals, since some may arrive between the two counts. */
const COUNT_MARGIN_MS = 60 * MINUTE_MS;
/**
 * Least time between full imports when totals differ, and the time after which one is due anyway.
 */
const REIMPORT_AFTER_MS = { night: 7 * DAY_MS, merchant: COUNT_MARGIN_MS };
const REGULAR_IMPORT_MS = 28 * DAY_MS;

/** Above these limits the list is abandoned for a full import, which is cheaper. */
const MAX_LISTED = 150_000;
const MAX_RESTARTS = 5;

type Reconciling = {
  admin: AdminApi;
  run: ReconciliationRun;
  units: OrderUnits;
  signal: AbortSignal | undefined;
};

/** How the list of changed orders ended; `units-changed`: the shop's units changed meanwhile. */
type ListEnd = "read" | "units-changed" | "given-up";

/**
 * Compares the stored orders with Shopify's, to repair and count changes that came without a
 * webhook: first the orders that changed since the last run, page by page, then the totals. Where
 * that is not enough, it enqueues a full import.
 *
 * May be stopped at any point: each page commits together with the cursor.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runReconcile(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  // Webhooks about settings and grants may have been lost as well.
  await runShopFollow(shop, signal);
  const row = await readInstalled(shop);
  if (row === null) return;
  const units = await currentUnits(shop);
  // An import is needed or under way, which will end the open run.
  if (units === null) return;
  const run = await openReconciliation(shop);
  const context = { admin: adminClient(shop), run, units, signal };
  await setProgress(shop, "check", { state: "running", done: 0, total: null });
  const end = await reconcileChanged(context);
  if (end === "units-changed" || !(await retryUnreadable(context, row.fullHistory))) {
    await enqueue("orders.reconcile", { shop });
    return;
  }
  const counted = row.fullHistory ? await count(context.admin) : null;
  const whole = end === "given-up" || (row.fullHistory && (await isFullImportDue(run, counted)));
  await inTransaction(async (client) => {
    await endReconciliation(client, run, { counted, whole });
    if (whole) await enqueue("orders.import", { shop }, { client });
  });
  if (!whole) await setProgress(shop, "check", { state: "done", done: 0, total: null });
  log.info({ shop, check: run.id, ...counted, whole }, "reconciled orders");
}

async function reconcileChanged(context: Reconciling): Promise<ListEnd> {
  const { admin, signal } = context;
  let { run } = context;
  let { seen } = run;
  for (;;) {
    signal?.throwIfAborted();
    if (seen >= MAX_LISTED) return giveUp(run, seen);
    const page = await readChangedPage(admin, run, signal);
    if (page === "refused") {
      run = await restartList(run);
      if (run.restarts > MAX_RESTARTS) return giveUp(run, seen);
      continue;
    }
    const found = await fetchListed(context, await listedDifferently(admin.shop, page.orders));
    const stored = await inTransaction(async (client) => {
      const units = { ...context.units, lock: "no key update" as const };
      if (!(await areUnitsCurrent(client, admin.shop, units))) return false;
      const differences = await applyFetchedOrders(client, admin.shop, found);
      await markPageReconciled(client, run, {
        seen: page.orders.length,
        differences: withoutRecent(differences, page.orders),
        next: page.next,
        through: lastChange(page.orders),
      });
      return true;
    });
    if (!stored) return "units-changed";
    seen += page.orders.length;
    await setProgress(admin.shop, "check", { state: "running", done: seen, total: null });
    if (page.next === null) return "read";
    run = { ...run, position: page.next };
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
  const fetched = await readOrders(admin, ids, signal);
  // Listed ids that Shopify no longer finds are deleted.
  return { ...readAll(fetched, shopUnitsOf(units)), gone: ids.filter((id) => !fetched.has(id)) };
}

/**
 * Fetches some unreadable orders again: they may have been corrected without a webhook, or this
 * version may be able to read them.
 *
 * @returns false when the shop's units changed meanwhile
 */
async function retryUnreadable(context: Reconciling, fullHistory: boolean): Promise<boolean> {
  const { admin, units } = context;
  const found = await fetchListed(context, await unreadableOrders(admin.shop, ORDERS_PER_QUERY));
  // Without access to all orders, one that is not found may only be older than 60 days.
  const gone = fullHistory ? found.gone : [];
  if (found.orders.length + found.unreadable.length + gone.length === 0) return true;
  return inTransaction(async (client) => {
    if (!(await areUnitsCurrent(client, admin.shop, units))) return false;
    await applyFetchedOrders(client, admin.shop, { ...found, gone });
    return true;
  });
}

/**
 * Ids of the listed orders that differ from the stored ones, without those known to be unreadable
 * in that version.
 */
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

/** Leaves out recent changes, whose webhooks may still arrive: they are no drift. */
function withoutRecent(
  differences: readonly Difference[],
  listed: readonly ListedOrder[],
): Difference[] {
  const recentFrom = now().getTime() - WEBHOOK_DELAY_MS;
  const recent = new Set(
    listed.flatMap(({ orderId, updatedAt }) =>
      updatedAt !== null && Date.parse(updatedAt) > recentFrom ? [orderId] : [],
    ),
  );
  return differences.filter(({ orderId }) => !recent.has(orderId));
}

/**
 * Totals of orders, here and in the shop: the list of changes does not show deletions. Unreadable
 * orders count as present here.
 */
async function count(admin: AdminApi): Promise<OrderTotals> {
  const before = new Date(now().getTime() - COUNT_MARGIN_MS);
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
  return ageMs >= (differs ? REIMPORT_AFTER_MS[askedBy] : REGULAR_IMPORT_MS);
}
