import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "60", "--seed", "3", "--plan", "enterprise", "--bulk-latency-ms", "20"],
  ...["--bulk-query-objects-per-second", "1000000", "--start", "2026-11-21T12:00:00Z"],
];

let simulator: RunningSimulator;
let app: LoadedApp;
let checks: Awaited<ReturnType<typeof loadChecks>>;

async function loadChecks() {
  const [reconcile, state, due, clock, follow] = await Promise.all([
    import("#app/orders/reconcile/reconcile.server.ts"),
    import("#app/orders/reconcile/reconciliation-runs.server.ts"),
    import("#app/orders/reconcile/enqueue-due.server.ts"),
    import("#app/lib/clock.server.ts"),
    import("#app/orders/webhooks/follow-orders.server.ts"),
  ]);
  return { ...reconcile, ...state, ...due, ...clock, ...follow };
}

beforeAll(async () => {
  // Without the app's configuration the simulator delivers no webhooks: all are lost.
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  checks = await loadChecks();
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await app.pool.query<Record<string, unknown>>(sql, values)).rows;
}

async function control(path: string, body: object = {}): Promise<{ id: string }> {
  return (await simulator.control(path, { shop: "generated", ...body })) as { id: string };
}

const anOrder = (position = 0) =>
  rows(
    `select order_id as id, customer_id as customer, amount_minor as amount from orders
      where left_out is null and customer_id is not null order by order_id offset $1 limit 1`,
    [position],
  ).then(([order]) => order as { id: string; customer: string; amount: string });

/** Advances the shop's time and the app's clock. */
async function hoursPass(hours: number): Promise<void> {
  await control("clock", { advanceSeconds: hours * 3600 });
  await checks.syncClock();
}

async function check(by: "night" | "merchant" = "night") {
  if (by === "merchant") await checks.enqueueReconciliation(shop);
  await checks.runReconcile(shop);
  const [last] = await rows(
    `select asked_by, state, missing::int, stale::int, wrong::int, removed::int
       from order_checks order by asked_at desc, id limit 1`,
  );
  return last;
}

const clean = { state: "done", missing: 0, stale: 0, wrong: 0, removed: 0 };

const jobs = async (name: string) =>
  (await rows("select 1 from pgboss.job where name = $1", [name])).length;

beforeEach(async () => {
  await simulator.control("reset", {});
  await app.pool.query(
    `truncate unreadable_orders, sessions, shops, orders, order_imports, order_checks, progress, webhook_inbox,
              gone_customers, changed_customers, scoring_runs`,
  );
  await checks.syncClock();
  await installAndImport(app, simulator, shop);
  await app.pool.query("delete from pgboss.job");
});

describe("comparing the orders with Shopify", () => {
  it("finds nothing where nothing happened, and reports it", async () => {
    await hoursPass(2);
    expect(await check()).toMatchObject({ asked_by: "night", ...clean });
    expect(await checks.readLastReconciliation(shop)).toMatchObject({ missed: 0, removed: 0 });
    expect(await rows("select 1 from changed_customers")).toEqual([]);
  });

  it("stores missed changes, counts them once, and rescores their customers", async () => {
    const [refunded, cancelled] = [await anOrder(0), await anOrder(1)];
    const placed = await control("orders", { customerId: refunded.customer, amount: 12.5 });
    await control(`orders/${refunded.id}/refund`);
    await control(`orders/${cancelled.id}/cancel`);
    await hoursPass(2);
    expect(await check()).toMatchObject({ ...clean, missing: 1, stale: 2 });
    const stored = await rows("select left_out from orders where order_id = any($1) order by 1", [
      [placed.id, refunded.id, cancelled.id],
    ]);
    expect(stored).toEqual([{ left_out: "cancelled" }, { left_out: "zero" }, { left_out: null }]);
    const marked = await rows("select customer_id from changed_customers");
    expect(marked.map((row) => row.customer_id)).toEqual(
      expect.arrayContaining([refunded.customer, cancelled.customer]),
    );
    expect(await jobs("scoring.rescore")).toBe(1);
    expect(await check()).toMatchObject(clean);
    expect(await check()).toMatchObject(clean);
  });

  it("stores recent changes without counting them as missed: a webhook may still arrive", async () => {
    const { id } = await control("orders", { amount: 12.5 });
    expect(await check()).toMatchObject(clean);
    expect(await rows("select 1 from orders where order_id = $1", [id])).toHaveLength(1);
  });

  it("detects another customer of an order with an unchanged version", async () => {
    const order = await anOrder();
    await control(`orders/${order.id}/edit`, { amount: 7 });
    await check();
    await app.pool.query("update orders set customer_id = '1' where order_id = $1", [order.id]);
    await hoursPass(2);
    expect(await check()).toMatchObject({ ...clean, wrong: 1 });
    const [now] = await rows("select customer_id from orders where order_id = $1", [order.id]);
    expect(now).toEqual({ customer_id: order.customer });
  });

  it("reads all orders again when their count differs: a deleted order is in no list", async () => {
    const { id } = await anOrder();
    await control(`orders/${id}/delete`);
    await hoursPass(2);
    expect(await check("merchant")).toMatchObject({ asked_by: "merchant", state: "importing" });
    expect(await jobs("orders.import")).toBe(1);
    await app.runImport(shop);
    expect(await rows("select 1 from orders where order_id = $1", [id])).toEqual([]);
    const [last] = await rows("select state, removed::int from order_checks");
    expect(last).toEqual({ state: "done", removed: 1 });
    expect(await checks.readLastReconciliation(shop)).toMatchObject({ missed: 0, removed: 1 });
    await hoursPass(2);
    expect(await check("merchant")).toMatchObject(clean);
  });

  it("does so at night at most weekly, and in any case after four weeks", async () => {
    const { id } = await anOrder();
    await control(`orders/${id}/delete`);
    await hoursPass(24);
    expect(await check()).toMatchObject(clean);
    expect(await jobs("orders.import")).toBe(0);
    await hoursPass(24 * 7);
    expect(await check()).toMatchObject({ state: "importing" });
    await app.runImport(shop);
    await app.pool.query("delete from pgboss.job");
    await hoursPass(24 * 27);
    expect(await check()).toMatchObject(clean);
    await hoursPass(24 * 2);
    expect(await check()).toMatchObject({ state: "importing" });
  });

  it("counts what the complete import changes, except recent changes", async () => {
    await hoursPass(2);
    const { id } = await anOrder(5);
    await app.pool.query("delete from orders where order_id = $1", [id]);
    await control("orders", { amount: 3 });
    expect(await check("merchant")).toMatchObject({ state: "importing", missing: 0 });
    await app.runImport(shop);
    expect(await rows("select missing::int, stale::int from order_checks")).toEqual([
      { missing: 1, stale: 0 },
    ]);
  });

  it("sets aside unreadable orders, also when all orders are read again, and stores them later", async () => {
    const [garbled, changed] = [await anOrder(0), await anOrder(1)];
    await control(`orders/${garbled.id}/garble`);
    await control(`orders/${changed.id}/edit`, { amount: 7 });
    await hoursPass(2);
    expect(await check("merchant")).toMatchObject({ ...clean, stale: 1 });
    const known = await rows("select order_id as id, reason from unreadable_orders");
    expect(known).toEqual([{ id: garbled.id, reason: "amount" }]);
    await app.runImport(shop);
    expect(await rows("select order_id as id, reason from unreadable_orders")).toEqual(known);
    const amountOf = () =>
      rows("select amount_minor as amount from orders where order_id = $1", [garbled.id]);
    expect(await amountOf()).toEqual([{ amount: garbled.amount }]);
    await control(`orders/${garbled.id}/garble`, { garbled: false });
    await hoursPass(2);
    await check("merchant");
    expect(await rows("select 1 from unreadable_orders")).toEqual([]);
    expect(await amountOf()).toEqual([{ amount: garbled.amount }]);
  });

  it("detects a changed time zone without a webhook, and recomputes the days", async () => {
    const days = "select order_id, day::text from orders order by order_id";
    const before = await rows(days);
    await control("shop", { timeZone: "Pacific/Kiritimati" });
    await check();
    const zoned = await rows(
      `select order_id, (processed_at at time zone 'Pacific/Kiritimati')::date::text as day
         from orders order by order_id`,
    );
    expect(await rows(days)).toEqual(zoned);
    expect(zoned).not.toEqual(before);
    expect(await jobs("scoring.run")).toBe(1);
  });

  it("waits for a running import, which completes it", async () => {
    await app.pool.query(
      "insert into order_imports (shop, id, state) values ($1, 'under way', 'intended')",
      [shop],
    );
    expect(await check("merchant")).toMatchObject({ state: "waiting" });
    await app.runImport(shop);
    expect(await rows("select state from order_checks")).toEqual([{ state: "done" }]);
    const [shown] = await rows("select state from progress where task = 'check'");
    expect(shown).toEqual({ state: "done" });
  });
});

describe("the nightly reconciliation run", () => {
  it("is enqueued once at the shop's time of night, and not before", async () => {
    await checks.enqueueDueReconciliations();
    expect(await jobs("orders.reconcile")).toBe(0);
    await hoursPass(24);
    await checks.enqueueDueReconciliations();
    await checks.enqueueDueReconciliations();
    expect(await jobs("orders.reconcile")).toBe(1);
    await app.pool.query("delete from pgboss.job");
    await check();
    await checks.enqueueDueReconciliations();
    expect(await jobs("orders.reconcile")).toBe(0);
    await hoursPass(24);
    await checks.enqueueDueReconciliations();
    expect(await jobs("orders.reconcile")).toBe(1);
  });

  it("is not enqueued where the app was removed, or nothing was imported yet", async () => {
    await hoursPass(48);
    await app.pool.query("update shops set uninstalled_at = now()");
    await checks.enqueueDueReconciliations();
    await app.pool.query("update shops set uninstalled_at = null");
    await app.pool.query("update order_imports set state = 'failed'");
    await checks.enqueueDueReconciliations();
    expect(await jobs("orders.reconcile")).toBe(0);
  });
});
