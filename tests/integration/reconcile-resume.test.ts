import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runReconcile } from "#app/orders/reconcile/reconcile.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { type FakeReply, FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");
const PAGES = 4;
const PER_PAGE = 3;
const updatedAt = (order: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, order)).toISOString();

/** If set, answers the list of changed orders instead of its pages. */
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
        plan: { partnerDevelopment: false },
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

/** A page whose cursor points to itself. */
function still(): FakeReply {
  const pageInfo = { hasNextPage: true, endCursor: "page-1" };
  return { data: { orders: { nodes: [], pageInfo } } };
}

/** Sets the cursor to the first order. */
async function fromTheFirst(): Promise<void> {
  await pool.query("update shops set orders_through = $1", [updatedAt(0)]);
}

/**
 * A list that is refused after this number of pages.
 *
 * @returns the start of each list that is requested
 */
function farther(pages: number, { deniedFrom }: { deniedFrom?: string } = {}): string[] {
  const lists: string[] = [];
  fake.answers.set("EncoreChangedOrders", ({ after, query }) => {
    const since = /'(.*)'/.exec(String(query))?.[1] ?? "";
    const orders = Array.from({ length: EXACT }, (_, order) => order).filter(
      (order) => updatedAt(order) >= since,
    );
    const from = typeof after === "string" ? Number(after) : 0;
    if (from === 0) lists.push(updatedAt(orders[0] ?? 0));
    if (from === 0 && updatedAt(orders[0] ?? 0) === deniedFrom) return denied;
    if (from >= pages * PER_PAGE) return refused;
    const nodes = orders.slice(from, from + PER_PAGE).map((order) => ({
      id: `gid://shopify/Order/${String(order)}`,
      ...{ updatedAt: updatedAt(order), customer: null },
    }));
    const end = from + PER_PAGE;
    const pageInfo = { hasNextPage: end < orders.length, endCursor: String(end) };
    return { data: { orders: { nodes, pageInfo } } };
  });
  return lists;
}

const denied: FakeReply = { status: 403 };
const refused: FakeReply = { errors: [{ message: "Invalid cursor for current pagination sort." }] };
const asked = () =>
  fake.calls
    .filter(({ operation }) => operation === "EncoreChangedOrders")
    .map(({ variables }) => variables.after);

describe("an interrupted reconciliation run", () => {
  it("resumes where it was, and counts nothing twice", async () => {
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

  it("stops between two pages when the worker is stopping", async () => {
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

  it("restarts the list when Shopify no longer accepts the cursor", async () => {
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

  it("continues from the newest change seen when Shopify pages no further, and ends", async () => {
    await fromTheFirst();
    const lists = farther(2);
    await runReconcile(shop);
    expect(await checks()).toMatchObject([{ state: "done", missing: EXACT, position: null }]);
    expect(await rows("select 1 from orders")).toHaveLength(EXACT);
    const begun = [updatedAt(0), updatedAt(5), updatedAt(10)];
    expect(lists).toEqual(begun);
    expect(await rows("select restarts from order_checks")).toEqual([{ restarts: 2 }]);
  });

  it("remembers where the list was restarted when it is stopped then", async () => {
    await fromTheFirst();
    const lists = farther(2, { deniedFrom: updatedAt(10) });
    await expect(runReconcile(shop)).rejects.toMatchObject({ code: "shopify-access-denied" });
    expect(lists).toEqual([updatedAt(0), updatedAt(5), updatedAt(10)]);
    const again = farther(2);
    await runReconcile(shop);
    expect(again).toEqual([updatedAt(10)]);
    expect(await checks()).toMatchObject([{ state: "done", missing: EXACT }]);
  });

  it.each([
    ["is refused behind every first page", () => refused],
    ["leads to itself", () => still()],
  ])("abandons a list that %s, and reads all orders again", async (_, next) => {
    await pool.query("delete from pgboss.job");
    list = (after) => (after === null ? page(null) : next());
    await runReconcile(shop);
    expect(asked()).toHaveLength(12);
    expect(await checks()).toMatchObject([{ state: "importing", position: null }]);
    const jobs = "select name from pgboss.job where name = 'orders.import'";
    expect(await rows(jobs)).toHaveLength(1);
  });

  it("abandons a list that costs more than reading all orders, killed or not", async () => {
    await pool.query("delete from pgboss.job");
    list = (after) => (after === "page-1" ? denied : page(after));
    await expect(runReconcile(shop)).rejects.toThrow();
    await pool.query("update order_checks set seen = 149999");
    list = undefined;
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(asked()).toEqual(["page-1"]);
    expect(await checks()).toMatchObject([{ state: "importing" }]);
    expect(await rows("select 1 from pgboss.job where name = 'orders.import'")).toHaveLength(1);
  });

  it("advances the cursor to the newest stored change, and starts an hour before it the next time", async () => {
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

  it("does not request orders that are stored in the listed version", async () => {
    await runReconcile(shop);
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(fake.count("EncoreOrdersById")).toBe(0);
    expect(await checks()).toMatchObject([{ missing: EXACT }, { missing: 0, seen: EXACT }]);
  });
});
