import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { LINES_OF_FIRST_CHUNK } from "#app/orders/import/load-lines.server.ts";
import { runReconcile } from "#app/orders/reconcile/reconcile.server.ts";
import { readUnreadable } from "#app/orders/store/unreadable-orders.server.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { readHome } from "#app/scoring/views/home.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { line, shopWithExport } from "./orders-export.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");

type Json = Record<string, unknown>;

/** The orders in Shopify, by number. */
const inShop = new Map<string, unknown>();

const money = (amount: unknown) => ({ shopMoney: { amount } });

function order(id: string, more: Json = {}): Json {
  return {
    id: `gid://shopify/Order/${id}`,
    processedAt: "2026-11-01T09:00:00Z",
    updatedAt: "2026-11-01T10:00:00Z",
    cancelledAt: null,
    test: false,
    displayFinancialStatus: "PAID",
    currentTotalPriceSet: money("10.0"),
    sourceName: "web",
    tags: [],
    customer: { id: "gid://shopify/Customer/1" },
    ...more,
  };
}

const has = (id: string, more: Json = {}) => inShop.set(id, order(id, more));
const unreadable = { currentTotalPriceSet: money("Ann Smith owes 12,50") };
const later = { updatedAt: "2026-11-02T10:00:00Z" };

async function rows(sql: string): Promise<Json[]> {
  return (await pool.query<Json>(sql)).rows;
}

const setAside = () =>
  rows("select order_id as id, reason from unreadable_orders order by order_id");
const stored = () =>
  rows("select order_id as id, amount_minor::int as amount from orders order by order_id");
const unread = async () =>
  (await rows("select 1 from webhook_inbox where handled_at is null")).length;

let deliveries = 0;

async function arrived(id: string, topic = "orders/updated"): Promise<void> {
  deliveries += 1;
  await pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id) values ($1, $2, $3, $4)`,
    [shop, `w${String(deliveries)}`, topic, id],
  );
}

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  inShop.clear();
  shopWithExport(fake, []);
  fake.answers.set("EncoreOrdersById", ({ ids }) => ({
    data: {
      nodes: (ids as string[]).map((id) => inShop.get(id.replace(/^.*\//, "")) ?? null),
    },
  }));
  await pool.query(
    `truncate webhook_inbox, shops, orders, order_imports, order_checks, seen_orders, progress,
              unreadable_orders, changed_customers`,
  );
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'GBP', 'Europe/London', true)`,
    [shop],
  );
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

const imported = () =>
  pool.query(
    `insert into order_imports (shop, id, state, full_history, as_of)
     values ($1, 'i1', 'done', true, now() - interval '2 hours')`,
    [shop],
  );

describe("following a shop with an unreadable order", () => {
  beforeEach(imported);

  it("stores the others, marks all webhooks as processed, and records the order and the reason", async () => {
    const warned = vi.spyOn(log, "warn");
    for (const id of ["1", "2", "4"]) has(id);
    has("3", unreadable);
    for (let times = 0; times < 10; times += 1) {
      for (const id of ["1", "2", "3", "4"]) await arrived(id);
    }
    await runFollow(shop);
    expect(await stored()).toEqual(["1", "2", "4"].map((id) => ({ id, amount: 1000 })));
    expect(await unread()).toBe(0);
    expect(await setAside()).toEqual([{ id: "3", reason: "amount" }]);
    const view = { orders: 1, named: [{ orderId: "3", reason: "amount" }], unnamed: 0 };
    expect((await readHome(shop)).unreadable).toEqual(view);
    expect(warned).toHaveBeenCalledOnce();
    const [said] = warned.mock.calls[0] ?? [];
    expect(said).toMatchObject({ shop, count: 1, orders: [{ order: "3", reason: "amount" }] });
    const kept = JSON.stringify([said, await rows("select * from unreadable_orders")]);
    expect(kept).not.toMatch(/Ann|Smith|12,50/);
  });

  it.each([
    ["an amount that is none", "amount", unreadable],
    ["an amount that cannot be held", "amount", { currentTotalPriceSet: money("9".repeat(40)) }],
    ["an amount that is missing", "shape", { currentTotalPriceSet: null }],
    ["a number for an amount", "shape", { currentTotalPriceSet: money(12.5) }],
    ["a time that is none", "time", { processedAt: "yesterday" }],
    ["a time before all times", "time", { processedAt: "-100000-01-01T00:00:00Z" }],
    ["a version that is no time", "time", { updatedAt: "now" }],
    ["a year that no database knows", "time", { cancelledAt: "+200000-01-01T00:00:00Z" }],
    ["a customer who is a company", "id", { customer: { id: "gid://shopify/Company/1" } }],
    ["an id of its own that is none", "id", { id: "gid://shopify/Order/three" }],
    ["the id of an order that nobody asked for", "id", { id: "gid://shopify/Order/99" }],
    ["no id", "shape", { id: undefined }],
    ["tags that are a text", "shape", { tags: "a, b" }],
  ])("sets it aside with %s", async (_, reason, more) => {
    has("1");
    has("2");
    has("3", more);
    for (const id of ["1", "2", "3"]) await arrived(id);
    await runFollow(shop);
    expect(await setAside()).toEqual([{ id: "3", reason }]);
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "2"]);
    expect(await unread()).toBe(0);
  });

  it("sets aside what is not an order", async () => {
    inShop.set("1", {});
    has("2");
    await arrived("1");
    await arrived("2");
    await runFollow(shop);
    expect(await setAside()).toEqual([{ id: "1", reason: "shape" }]);
    expect((await stored()).map(({ id }) => id)).toEqual(["2"]);
  });

  it("keeps the last readable version, and retries with the next webhook", async () => {
    has("1");
    await arrived("1");
    await runFollow(shop);
    has("1", { ...unreadable, ...later });
    await arrived("1");
    await runFollow(shop);
    expect(await stored()).toEqual([{ id: "1", amount: 1000 }]);
    expect(await setAside()).toEqual([{ id: "1", reason: "amount" }]);
    has("1", { currentTotalPriceSet: money("7.0"), updatedAt: "2026-11-03T10:00:00Z" });
    await arrived("1");
    await runFollow(shop);
    expect(await stored()).toEqual([{ id: "1", amount: 700 }]);
    expect(await setAside()).toEqual([]);
  });

  it("keeps the record when only an older version is readable", async () => {
    has("1", { ...unreadable, ...later });
    await arrived("1");
    await runFollow(shop);
    has("1");
    await arrived("1");
    await runFollow(shop);
    expect(await stored()).toEqual([{ id: "1", amount: 1000 }]);
    expect(await setAside()).toEqual([{ id: "1", reason: "amount" }]);
  });

  it("ignores an unreadable version older than the stored one", async () => {
    has("1", later);
    await arrived("1");
    await runFollow(shop);
    has("1", unreadable);
    await arrived("1");
    await runFollow(shop);
    expect(await setAside()).toEqual([]);
    expect(await stored()).toEqual([{ id: "1", amount: 1000 }]);
  });

  it("removes the record when the order is deleted, whatever webhooks arrive late", async () => {
    has("1", unreadable);
    await arrived("1");
    await runFollow(shop);
    await arrived("1", "orders/delete");
    await runFollow(shop);
    expect(await setAside()).toEqual([]);
    await arrived("1");
    await runFollow(shop);
    expect(await setAside()).toEqual([]);
  });
});

describe("reconciling a shop with an unreadable order", () => {
  let listed: Json[] = [];
  let count = 0;
  const lists = (...ids: string[]) => {
    listed = ids.map((id) => {
      const { updatedAt, customer } = inShop.get(id) as Json;
      return { id: `gid://shopify/Order/${id}`, updatedAt, customer };
    });
  };
  const askedFor = () =>
    fake.calls
      .filter(({ operation }) => operation === "EncoreOrdersById")
      .flatMap(({ variables }) => variables.ids as string[])
      .map((id) => id.replace(/^.*\//, ""));

  beforeEach(async () => {
    await imported();
    listed = [];
    count = 0;
    fake.answers.set("EncoreChangedOrders", () => ({
      data: { orders: { nodes: listed, pageInfo: { hasNextPage: false, endCursor: null } } },
    }));
    fake.answers.set("EncoreOrdersCount", () => ({
      data: { ordersCount: { count, precision: "EXACT" } },
    }));
  });

  it("stores the others, and ends", async () => {
    for (const id of ["1", "2", "4"]) has(id);
    has("3", unreadable);
    lists("1", "2", "3", "4");
    count = 4;
    await runReconcile(shop);
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "2", "4"]);
    expect(await setAside()).toEqual([{ id: "3", reason: "amount" }]);
    const checks = await rows("select state, missing::int, count_here::int from order_checks");
    expect(checks).toEqual([{ state: "done", missing: 3, count_here: 4 }]);
  });

  it("does not import everything again every night because of it", async () => {
    has("1");
    has("3", unreadable);
    lists("1", "3");
    count = 2;
    await runReconcile(shop);
    await pool.query("update order_imports set as_of = now() - interval '8 days'");
    await runReconcile(shop);
    expect(await rows("select 1 from pgboss.job where name = 'orders.import'")).toEqual([]);
    count = 3;
    await runReconcile(shop);
    expect(await rows("select 1 from pgboss.job where name = 'orders.import'")).toHaveLength(1);
  });

  it("retries it each time, and stores it once it is readable, without a webhook", async () => {
    has("3", unreadable);
    lists("3");
    count = 1;
    await runReconcile(shop);
    fake.calls.length = 0;
    await runReconcile(shop);
    expect(askedFor()).toEqual(["3"]);
    has("3");
    lists();
    await runReconcile(shop);
    expect(await setAside()).toEqual([]);
    expect(await stored()).toEqual([{ id: "3", amount: 1000 }]);
  });

  it("removes the record when the order no longer exists, and not when it is merely hidden", async () => {
    has("3", unreadable);
    lists("3");
    await runReconcile(shop);
    inShop.clear();
    lists();
    const granted = ["read_orders", "write_customers"];
    shopWithExport(fake, [], { scopes: granted });
    await runReconcile(shop);
    expect(await setAside()).toHaveLength(1);
    shopWithExport(fake, [], { scopes: [...granted, "read_all_orders"] });
    await runReconcile(shop);
    expect(await setAside()).toEqual([]);
  });

  it("handles orders listed with an invalid time or customer, and skips those without an id", async () => {
    const warned = vi.spyOn(log, "warn");
    has("1");
    has("2");
    has("3");
    lists("1", "2", "3");
    listed[0] = { ...listed[0], updatedAt: "soon" };
    listed[1] = { ...listed[1], customer: { id: "gid://shopify/Company/1" } };
    listed.push({ id: "gid://shopify/Order/four", updatedAt: null, customer: null });
    await runReconcile(shop);
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(warned).toHaveBeenCalledWith({ shop, orders: 1 }, "listed without an id");
    expect(await rows("select orders_through::text as t from shops")).toEqual([
      { t: expect.stringContaining("2026-11-01") as string },
    ]);
  });

  it("does not treat a change dated in the future as the newest one", async () => {
    has("1", { updatedAt: "2199-01-01T00:00:00Z" });
    lists("1");
    await runReconcile(shop);
    const [row] = await rows("select orders_through <= now() as past from shops");
    expect(row).toEqual({ past: true });
  });
});

describe("importing a file with unreadable lines", () => {
  const broken = (id: number) => line({ id, amount: "Ann Smith" });
  const cut = (id: number) => line({ id }).slice(0, -20);
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => line({ id: from + index }));
  const imports = () =>
    rows(
      `select state, lines_loaded::int as lines, lines_unreadable::int as unreadable,
              lines_unnamed::int[] as unnamed from order_imports order by started_at`,
    );

  it("stores all others, and records which ones, or on which line", async () => {
    shopWithExport(fake, [line({ id: 1 }), broken(2), cut(3), "no order", line({ id: 5 })]);
    await runImport(shop);
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "5"]);
    expect(await setAside()).toEqual([
      { id: "2", reason: "amount" },
      { id: "3", reason: "line" },
    ]);
    expect(await imports()).toEqual([{ state: "done", lines: 5, unreadable: 3, unnamed: [4] }]);
    expect(await readUnreadable(shop)).toMatchObject({ orders: 3, unnamed: 1 });
    const everything = JSON.stringify(await rows("select * from unreadable_orders"));
    expect(everything).not.toContain("Ann");
  });

  it("keeps their stored versions, and stores them when they are readable", async () => {
    shopWithExport(fake, [line({ id: 1 }), line({ id: 2 }), line({ id: 3 })]);
    await runImport(shop);
    const newer = { updated: "2026-02-01T00:00:00Z" };
    shopWithExport(fake, [line({ id: 1 }), line({ id: 2, amount: "x", ...newer }), cut(3)]);
    await runImport(shop);
    expect(await stored()).toHaveLength(3);
    expect(await setAside()).toHaveLength(2);
    shopWithExport(fake, [
      line({ id: 1 }),
      line({ id: 2, amount: "7.0", ...newer }),
      line({ id: 3 }),
    ]);
    await runImport(shop);
    expect(await setAside()).toEqual([]);
    expect(await stored()).toContainEqual({ id: "2", amount: 700 });
  });

  it("removes the records of orders that no longer exist", async () => {
    shopWithExport(fake, [line({ id: 1 }), broken(2)]);
    await runImport(shop);
    shopWithExport(fake, [line({ id: 1 })]);
    await runImport(shop);
    expect(await setAside()).toEqual([]);
  });

  it("removes nothing while a line may belong to any order", async () => {
    shopWithExport(fake, [line({ id: 1 }), line({ id: 2 }), broken(3)]);
    await runImport(shop);
    shopWithExport(fake, [line({ id: 1 }), "no order"]);
    await runImport(shop);
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "2"]);
    expect(await setAside()).toHaveLength(1);
    shopWithExport(fake, [line({ id: 1 })]);
    await runImport(shop);
    expect((await stored()).map(({ id }) => id)).toEqual(["1"]);
    expect(await readUnreadable(shop)).toEqual({ orders: 0, named: [], unnamed: 0 });
  });

  it("refuses a file with more than one unreadable line in a hundred, before it stores any", async () => {
    const many = lines(1, 3000);
    const other = (share: number) =>
      many.map((each, index) => (index % share === 0 ? each.replace("amount", "money") : each));
    shopWithExport(fake, other(90));
    await expect(runImport(shop)).rejects.toMatchObject({
      code: "shopify-unreadable",
      message: expect.stringMatching(/^31 of the first \d+ lines .*shopMoney\.amount/) as string,
    });
    expect(await imports()).toMatchObject([{ state: "failed" }]);
    expect([await stored(), await setAside()]).toEqual([[], []]);
    shopWithExport(fake, other(110));
    await runImport(shop);
    expect(await setAside()).toHaveLength(28);
    expect(await stored()).toHaveLength(3000 - 28);
  });

  it("accepts ten in any file, however small", async () => {
    const ten = Array.from({ length: 10 }, (_, index) => broken(index + 1));
    shopWithExport(fake, [...ten, line({ id: 11 })]);
    await runImport(shop);
    expect(await stored()).toHaveLength(1);
    shopWithExport(fake, [...ten, broken(12), line({ id: 11 })]);
    await expect(runImport(shop)).rejects.toMatchObject({ code: "shopify-unreadable" });
  });

  describe("that is stopped half-way", () => {
    const first = [broken(900_001), "no order", ...lines(1, LINES_OF_FIRST_CHUNK)];
    const rest = [broken(900_002), ...lines(800_001, 800_100), "no order either"];

    it.each(["a shop's first orders", "orders that are compared"])(
      "keeps what it set aside together with what it stored, for %s",
      async (what) => {
        if (what !== "a shop's first orders") {
          shopWithExport(fake, [line({ id: 1 })]);
          await runImport(shop);
          await pool.query("delete from order_imports");
        }
        shopWithExport(fake, [...first, ...rest]);
        // The second chunk is copied and its orders set aside, but cannot be committed.
        await pool.query(
          `create or replace function refuse() returns trigger language plpgsql as
             $$ begin raise exception 'stopped'; end $$;
           create trigger stop before update on order_imports for each row
             when (new.lines_loaded > ${String(first.length)}) execute function refuse()`,
        );
        await expect(runImport(shop)).rejects.toThrow("stopped");
        await pool.query("drop trigger stop on order_imports");
        expect(await imports()).toEqual([
          { state: "loading", lines: first.length, unreadable: 2, unnamed: [2] },
        ]);
        expect(await setAside()).toEqual([{ id: "900001", reason: "amount" }]);
        await runImport(shop);
        const total = first.length + rest.length;
        expect(await imports()).toEqual([
          { state: "done", lines: total, unreadable: 4, unnamed: [2, total] },
        ]);
        expect(await setAside()).toHaveLength(2);
        expect(await stored()).toHaveLength(LINES_OF_FIRST_CHUNK + 100);
      },
    );

    it("still knows how many were unreadable before", async () => {
      const many = Array.from({ length: 60 }, (_, index) => broken(900_000 + index));
      const before = [...many.slice(0, 40), ...lines(1, LINES_OF_FIRST_CHUNK)];
      shopWithExport(fake, before);
      await runImport(shop);
      // As after a kill: the row has the checkpoint.
      await pool.query("update order_imports set state = 'loading'");
      shopWithExport(fake, [...before, ...many.slice(40)]);
      await expect(runImport(shop)).rejects.toMatchObject({
        message: expect.stringContaining(`51 of the first ${String(before.length + 11)}`) as string,
      });
    });
  });
});
