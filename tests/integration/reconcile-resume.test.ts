import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/db.server.ts";
import { shopDomain } from "#app/ids.ts";
import { startQueue, stopQueue } from "#app/jobs/queue.server.ts";
import { runReconcile } from "#app/orders/reconcile.server.ts";

import { FakeShopify, giveSession, type FakeReply } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");
const PAGES = 4;
const PER_PAGE = 3;
const updatedAt = (order: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, order)).toISOString();

/** Set to answer the list of changed orders otherwise than with its pages. */
let list: ((after: string | null) => FakeReply) | undefined;

function page(after: string | null): FakeReply {
  const number = after === null ? 0 : Number(after.replace("page-", ""));
  const nodes = Array.from({ length: PER_PAGE }, (_, index) => {
    const order = number * PER_PAGE + index;
    const id = `gid://shopify/Order/${String(order)}`;
    return { id, updatedAt: updatedAt(order), customer: null };
  });
  const next = number + 1;
  const pageInfo = { hasNextPage: next < PAGES, endCursor: `page-${String(next)}` };
  return { data: { orders: { nodes, pageInfo } } };
}

function ordersById({ ids }: Record<string, unknown>): FakeReply {
  const nodes = (ids as string[]).map((id) => ({
    id,
    processedAt: "2026-10-01T09:00:00Z",
    updatedAt: updatedAt(Number(id.replace(/^.*\//, ""))),
    cancelledAt: null,
    test: false,
    displayFinancialStatus: "PAID",
    currentTotalPriceSet: { shopMoney: { amount: "10.0" } },
    sourceName: "web",
    tags: [],
    customer: null,
  }));
  return { data: { nodes } };
}

const EXACT = PAGES * PER_PAGE;

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>(sql)).rows;
}

const checks = () =>
  rows("select state, seen::int, missing::int, position from order_checks order by asked_at");

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  list = undefined;
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        id: "gid://shopify/Shop/1",
        name: "One",
        currencyCode: "EUR",
        ianaTimezone: "Europe/London",
      },
      currentAppInstallation: {
        accessScopes: ["read_orders", "read_all_orders", "write_customers"].map((handle) => ({
          handle,
        })),
      },
    },
  }));
  fake.answers.set("EncoreChangedOrders", ({ after }) =>
    (list ?? page)(typeof after === "string" ? after : null),
  );
  fake.answers.set("EncoreOrdersById", ordersById);
  fake.answers.set("EncoreOrdersCount", () => ({
    data: { ordersCount: { count: EXACT, precision: "EXACT" } },
  }));
  await pool.query("truncate shops, orders, order_imports, order_checks, progress");
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'Europe/London', true)`,
    [shop],
  );
  await pool.query(
    "insert into order_imports (shop, id, state, full_history, as_of) values ($1, 'i', 'done', true, now())",
    [shop],
  );
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

const denied: FakeReply = { status: 403 };
const refused: FakeReply = { errors: [{ message: "Invalid cursor for current pagination sort." }] };
const asked = () =>
  fake.calls
    .filter(({ operation }) => operation === "EncoreChangedOrders")
    .map(({ variables }) => variables.after);

describe("a check that is stopped", () => {
  it("goes on where it was, and counts nothing twice", async () => {
    list = (after) => (after === "page-2" ? denied : page(after));
    await expect(runReconcile(shop)).rejects.toMatchObject({ code: "shopify-access-denied" });
    expect(await checks()).toEqual([
      { state: "running", seen: 2 * PER_PAGE, missing: 2 * PER_PAGE, position: "page-2" },
    ]);
    list = undefined;
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(asked()).toEqual(["page-2", "page-3"]);
    expect(await checks()).toEqual([
      { state: "done", seen: EXACT, missing: EXACT, position: null },
    ]);
    expect(await rows("select 1 from orders")).toHaveLength(EXACT);
  });

  it("stops between two pages when the worker is to stop", async () => {
    const stop = new AbortController();
    list = (after) => {
      if (after === "page-1") stop.abort(new Error("the worker is stopping"));
      return page(after);
    };
    await expect(runReconcile(shop, stop.signal)).rejects.toThrow();
    const [check] = await checks();
    expect(check?.state).toBe("running");
    list = undefined;
    await runReconcile(shop);
    expect(await checks()).toMatchObject([{ state: "done", missing: EXACT }]);
  });

  it("begins the list anew when Shopify no longer knows the place", async () => {
    list = (after) => (after === "page-2" ? denied : page(after));
    await expect(runReconcile(shop)).rejects.toThrow();
    let first = true;
    list = (after) => {
      if (after !== "page-2" || !first) return page(after);
      first = false;
      return refused;
    };
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(asked()).toEqual(["page-2", null, "page-1", "page-2", "page-3"]);
    expect(await checks()).toMatchObject([{ state: "done", missing: EXACT }]);
  });

  it("lets the cursor follow what was stored, and asks for an hour more the next time", async () => {
    list = (after) => (after === "page-2" ? denied : page(after));
    await expect(runReconcile(shop)).rejects.toThrow();
    const through = "select orders_through from shops";
    expect(await rows(through)).toEqual([
      { orders_through: new Date(updatedAt(2 * PER_PAGE - 1)) },
    ]);
    list = undefined;
    await runReconcile(shop);
    expect(await rows(through)).toEqual([{ orders_through: new Date(updatedAt(EXACT - 1)) }]);
    fake.calls.length = 0;
    await runReconcile(shop);
    const since = Date.parse(updatedAt(EXACT - 1)) - 3_600_000;
    const [call] = fake.calls.filter(({ operation }) => operation === "EncoreChangedOrders");
    expect(call?.variables.query).toBe(`updated_at:>='${new Date(since).toISOString()}'`);
  });

  it("asks for no order that is here as it is listed", async () => {
    await runReconcile(shop);
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(fake.count("EncoreOrdersById")).toBe(0);
    expect(await checks()).toMatchObject([{ missing: EXACT }, { missing: 0, seen: EXACT }]);
  });
});
