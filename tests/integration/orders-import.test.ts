import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { customerId, shopDomain } from "#app/lib/ids.ts";
import { customerDigest } from "#app/orders/customers/erased-customers.server.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { LINES_OF_FIRST_CHUNK } from "#app/orders/import/load-lines.server.ts";
import {
  hasCountedOrder,
  loadPurchases,
  loadPurchasesOf,
  readBasis,
} from "#app/orders/purchases/purchase-days.server.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { ended, type Granted, line, OPERATION, shopWithExport } from "./orders-export.ts";

const fake = new FakeShopify();
const patienceMs = env.ADMIN_API_TIMEOUT_MS;
const shop = shopDomain("one.myshopify.com");
const shopify = (lines: string[], more: Granted = {}) => shopWithExport(fake, lines, more);

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await pool.query(sql)).rows;
}

beforeAll(() => fake.start());
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});
beforeEach(async () => {
  await giveSession(shop);
});
afterEach(async () => {
  fake.reset();
  env.ADMIN_API_TIMEOUT_MS = patienceMs;
  await pool.query(
    "truncate shops, orders, order_imports, progress, sessions, excluded_customers, redacted_customers",
  );
  await pool.query("delete from pgboss.job where true").catch(() => undefined);
});

describe("installing", () => {
  it("enqueues one import, however often and concurrently it is called", async () => {
    shopify([]);
    await Promise.all([ensureInstalled({ shop }), ensureInstalled({ shop })]);
    await ensureInstalled({ shop });
    expect(await rows("select name, currency, time_zone, full_history from shops")).toEqual([
      { name: "One", currency: "GBP", time_zone: "Europe/London", full_history: true },
    ]);
    expect(await rows("select name, state from pgboss.job")).toEqual([
      { name: "orders.import", state: "created" },
    ]);
    expect(await readProgress(shop)).toMatchObject([{ task: "import", state: "waiting" }]);
  });

  it("enqueues a failed import again", async () => {
    shopify([]);
    await ensureInstalled({ shop });
    await pool.query("update pgboss.job set state = 'completed'");
    await pool.query("update progress set state = 'failed', error_code = 'shopify-rejected'");
    await ensureInstalled({ shop });
    expect(await readProgress(shop)).toMatchObject([{ state: "waiting", errorCode: null }]);
    expect(await rows("select 1 from pgboss.job where state = 'created'")).toHaveLength(1);
  });

  it("records when only the last 60 days were granted", async () => {
    shopify([], { scopes: ["read_orders"] });
    await ensureInstalled({ shop });
    expect(await rows("select full_history from shops")).toEqual([{ full_history: false }]);
  });

  it("imports again once the full history is granted", async () => {
    shopify([], { scopes: ["read_orders"] });
    await ensureInstalled({ shop, scope: "read_orders" });
    await pool.query("update pgboss.job set state = 'completed'");
    await ensureInstalled({ shop, scope: "read_orders" });
    expect(await rows("select 1 from pgboss.job where state = 'created'")).toHaveLength(0);
    shopify([], { scopes: ["read_orders", "read_all_orders"] });
    await ensureInstalled({ shop, scope: "read_orders,read_all_orders" });
    expect(await rows("select full_history from shops")).toEqual([{ full_history: true }]);
    expect(await rows("select 1 from pgboss.job where state = 'created'")).toHaveLength(1);
  });
});

describe("an import", () => {
  it("stores each order according to the rules and enqueues scoring", async () => {
    shopify([
      line({ id: 1, customer: 7, amount: "12.5", at: "2026-06-30T23:30:00Z" }),
      line({ id: 2, customer: null }),
      line({ id: 3, test: true }),
      line({ id: 4, cancelled: "2026-01-11T00:00:00Z" }),
      line({ id: 5, status: "VOIDED" }),
      line({ id: 6, amount: "0.0" }),
    ]);
    await runImport(shop);
    const stored = await rows(
      `select order_id, customer_id, day::text, amount_minor, channel, tags, left_out
         from orders order by order_id`,
    );
    expect(stored[0]).toEqual({
      order_id: "1",
      customer_id: "7",
      day: "2026-07-01",
      amount_minor: "1250",
      channel: "web",
      tags: ['tab\there, "quoted" \\ back', "plain"],
      left_out: null,
    });
    expect(stored.map((order) => order.left_out)).toEqual([
      null,
      null,
      "test",
      "cancelled",
      "voided",
      "zero",
    ]);
    expect(await rows("select state, lines_loaded from order_imports")).toEqual([
      { state: "done", lines_loaded: "6" },
    ]);
    // The second for webhooks that arrived meanwhile.
    expect(await rows("select name from pgboss.job order by name desc")).toEqual([
      { name: "scoring.run" },
      { name: "orders.follow" },
    ]);
    expect(await readProgress(shop)).toMatchObject([{ task: "import", state: "done", done: 6 }]);
  });

  it("stores the same, however a line is formatted", async () => {
    const usual = line({ id: 1, customer: 7, cancelled: "2026-01-11T00:00:00Z" });
    const turned = Object.entries(JSON.parse(usual.replace("Order\\/1", "Order\\/2")) as object);
    const unusual = JSON.stringify(Object.fromEntries(turned.reverse()));
    shopify([usual, unusual]);
    await runImport(shop);
    const stored = await rows("select to_jsonb(o) - 'order_id' - 'seen_at' as kept from orders o");
    expect(stored).toHaveLength(2);
    expect(stored[0]).toEqual(stored[1]);
    const versions = await rows("select xmin::text from orders order by order_id");
    await runImport(shop);
    expect(await rows("select xmin::text from orders order by order_id")).toEqual(versions);
  });

  it("leaves out erased customers, also in a shop's first import", async () => {
    await pool.query("insert into redacted_customers (shop, customer_digest) values ($1, $2)", [
      shop,
      customerDigest(shop, "7"),
    ]);
    shopify([line({ id: 1, customer: 7 }), line({ id: 2, customer: 8 })]);
    await runImport(shop);
    await runImport(shop);
    expect(await rows("select order_id, customer_id from orders order by 1")).toEqual([
      { order_id: "1", customer_id: null },
      { order_id: "2", customer_id: "8" },
    ]);
  });

  it("finishes for a shop without orders", async () => {
    shopify([]);
    await runImport(shop);
    expect(await rows("select state from order_imports")).toEqual([{ state: "done" }]);
  });

  it("keeps the newer version, and removes what is no longer in the shop", async () => {
    shopify([line({ id: 1, amount: "10.0" }), line({ id: 2 }), line({ id: 3 })]);
    await runImport(shop);
    await pool.query(
      "update orders set updated_at = '2026-02-01', amount_minor = 1 where order_id = '2'",
    );
    shopify([
      line({ id: 1, amount: "20.0", updated: "2026-01-20T00:00:00Z" }),
      line({ id: 2, amount: "20.0", updated: "2026-01-20T00:00:00Z" }),
    ]);
    await runImport(shop);
    expect(await rows("select order_id, amount_minor from orders order by 1")).toEqual([
      { order_id: "1", amount_minor: "2000" },
      { order_id: "2", amount_minor: "1" },
    ]);
  });

  it("writes only what has changed", async () => {
    const versions = () => rows("select order_id, xmin::text from orders order by 1");
    shopify([line({ id: 1 }), line({ id: 2 })]);
    await runImport(shop);
    const [untouched, older] = await versions();
    const newer = line({ id: 2, amount: "7.0", updated: "2026-02-01T00:00:00Z" });
    shopify([line({ id: 1 }), newer]);
    await runImport(shop);
    const [first, second] = await versions();
    expect(first).toEqual(untouched);
    expect(second).not.toEqual(older);
    expect(await rows("select 1 from seen_orders")).toEqual([]);
  });

  it("removes nothing when it sees only the last 60 days", async () => {
    shopify([line({ id: 1 })]);
    await runImport(shop);
    shopify([line({ id: 2 })], { scopes: ["read_orders"] });
    await runImport(shop);
    expect(await rows("select order_id from orders order by 1")).toHaveLength(2);
  });

  it("stores the newer version of an order that occurs twice", async () => {
    const newer = line({ id: 1, amount: "2.0", updated: "2026-02-01T00:00:00Z" });
    shopify([newer, line({ id: 1, amount: "1.0" })]);
    await runImport(shop);
    expect(await rows("select amount_minor from orders")).toEqual([{ amount_minor: "200" }]);
  });
});

describe("an import that was interrupted", () => {
  const many = Array.from({ length: LINES_OF_FIRST_CHUNK + 500 }, (_, index) =>
    line({ id: index + 1, customer: (index % 100) + 1 }),
  );

  /** Too many unreadable lines for the file to be accepted. */
  const rubbishAfterFirstChunk = many.map((each, index) =>
    index >= LINES_OF_FIRST_CHUNK && index < LINES_OF_FIRST_CHUNK + 60 ? "not an order" : each,
  );

  it("finds the export it had started when the response was lost", async () => {
    shopify([line({ id: 1 })]);
    let started: string | null = null;
    fake.answers.set("EncoreBulkQuery", (variables) => {
      started = String(variables.query);
      return { status: 502 };
    });
    await expect(runImport(shop)).rejects.toMatchObject({ code: "shopify-unreachable" });
    fake.answers.set("EncoreRecentBulkOperations", () => ({
      data: { bulkOperations: { nodes: [{ id: OPERATION, query: started }] } },
    }));
    await runImport(shop);
    expect(fake.count("EncoreBulkQuery")).toBe(1);
    expect(await rows("select state from order_imports")).toEqual([{ state: "done" }]);
  });

  it("continues with the export that Shopify is writing", async () => {
    shopify([line({ id: 1 })]);
    fake.answers.set("EncoreBulkOperation", () => ended(null, 0, "RUNNING"));
    await expect(runImport(shop, AbortSignal.timeout(700))).rejects.toThrow();
    shopify([line({ id: 1 })]);
    await runImport(shop);
    expect(fake.count("EncoreBulkQuery")).toBe(1);
    expect(await rows("select state from order_imports")).toEqual([{ state: "done" }]);
  });

  it("continues with the line after the last one stored", async () => {
    shopify(rubbishAfterFirstChunk);
    await expect(runImport(shop)).rejects.toMatchObject({ code: "shopify-unreadable" });
    expect(await rows("select count(*)::int from orders")).toEqual([
      { count: LINES_OF_FIRST_CHUNK },
    ]);
    // As after a kill: the row has the checkpoint, and the file is complete.
    await pool.query("update order_imports set state = 'loading'");
    // If the first line were read again, it would be unreadable.
    shopify(["not read again", ...many.slice(1)]);
    await runImport(shop);
    expect(await rows("select count(*)::int from orders")).toEqual([{ count: many.length }]);
    expect(await rows("select lines_unreadable::int as lines from order_imports")).toEqual([
      { lines: 0 },
    ]);
  });

  it("still knows after a stop which orders it had seen", async () => {
    shopify([...many, line({ id: 999_999 })]);
    await runImport(shop);
    shopify(rubbishAfterFirstChunk);
    await expect(runImport(shop)).rejects.toMatchObject({ code: "shopify-unreadable" });
    await pool.query("update order_imports set state = 'loading' where state = 'failed'");
    shopify(many);
    await runImport(shop);
    expect(await rows("select count(*)::int from orders")).toEqual([{ count: many.length }]);
    expect(await rows("select 1 from orders where order_id = '999999'")).toEqual([]);
  });

  it("starts over when its export has failed or is gone", async () => {
    shopify([line({ id: 1 })]);
    fake.answers.set("EncoreBulkOperation", () => ended(null, 0, "FAILED"));
    await expect(runImport(shop)).rejects.toMatchObject({
      code: "shopify-bulk-failed",
      retryable: true,
    });
    shopify([line({ id: 1 })]);
    await runImport(shop);
    expect(await rows("select state from order_imports order by started_at")).toEqual([
      { state: "failed" },
      { state: "done" },
    ]);
  });

  it.each(["breaks", "gives nothing more"])(
    "resumes a download that %s in the middle",
    async (trouble) => {
      env.ADMIN_API_TIMEOUT_MS = 500;
      shopify(many);
      const text = Buffer.from(many.map((each) => `${each}\n`).join(""));
      let requests = 0;
      fake.files.set("/result.jsonl", (request, response) => {
        requests += 1;
        const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
        response.writeHead(from > 0 ? 206 : 200, { "content-length": String(text.length - from) });
        if (requests > 2) response.end(text.subarray(from));
        else {
          response.write(text.subarray(from, from + 400_000), () => {
            if (trouble === "breaks") response.destroy();
          });
        }
      });
      await runImport(shop);
      expect(requests).toBe(3);
      expect(await rows("select count(*)::int from orders")).toEqual([{ count: many.length }]);
    },
  );
});

describe("purchases for scoring", () => {
  it("are one row per customer and day, sorted, with the order counts", async () => {
    shopify([
      line({ id: 1, customer: 20, at: "2026-01-10T10:00:00Z", amount: "1.0" }),
      line({ id: 2, customer: 20, at: "2026-01-10T20:00:00Z", amount: "2.5" }),
      line({ id: 3, customer: 20, at: "2026-01-05T10:00:00Z" }),
      line({ id: 4, customer: 3, at: "2026-01-07T10:00:00Z", amount: "0.01" }),
      line({ id: 5, customer: null }),
      line({ id: 6, test: true }),
      line({ id: 7, status: "EXPIRED" }),
    ]);
    await runImport(shop);
    const { purchases, customerIds, basis } = await loadPurchases(shop);
    expect(customerIds).toEqual(["20", "3"]);
    expect(purchases).toEqual({
      customers: 2,
      customer: Int32Array.of(0, 0, 1),
      day: Int32Array.of(20_458, 20_463, 20_460),
      amount: Float64Array.of(1000, 350, 1),
    });
    expect(basis).toEqual({
      orders: 7,
      countedOrders: 4,
      guestOrders: 1,
      leftOut: [
        { reason: "test", orders: 1 },
        { reason: "cancelled", orders: 0 },
        { reason: "voided", orders: 1 },
        { reason: "zero", orders: 0 },
        { reason: "date", orders: 0 },
        { reason: "rule", orders: 0 },
      ],
      excluded: { customers: 0, orders: 0 },
      countedTests: 0,
      firstDay: "2026-01-05",
      lastDay: "2026-01-10",
    });
  });

  it("leave out impossible days, however their line is formatted", async () => {
    const inDays = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, "");
    const slowly = (text: string) => text.replace('"test"', ' "test"');
    shopify([
      line({ id: 1, customer: 20, at: "2026-01-05T10:00:00Z" }),
      line({ id: 2, customer: 20, at: "0021-03-04T10:00:00Z" }),
      slowly(line({ id: 3, customer: 20, at: "0021-03-04T10:00:00Z" })),
      line({ id: 4, customer: 20, at: "1994-12-31T23:59:59Z" }),
      line({ id: 5, customer: 20, at: "1995-01-01T00:00:00Z" }),
      line({ id: 6, customer: 20, at: inDays(1) }),
      line({ id: 7, customer: 20, at: inDays(3) }),
      slowly(line({ id: 8, customer: null, at: inDays(3) })),
      line({ id: 9, customer: 20, at: "2199-01-01T10:00:00Z" }),
      line({ id: 10, customer: 3, at: "2199-01-01T10:00:00Z" }),
    ]);
    await runImport(shop);
    const { purchases, customerIds, basis } = await loadPurchases(shop);
    expect(customerIds).toEqual(["20"]);
    expect(purchases.day).toHaveLength(3);
    expect(basis).toMatchObject({ orders: 10, countedOrders: 3, guestOrders: 0 });
    expect(basis.leftOut).toContainEqual({ reason: "date", orders: 7 });
    expect(basis.firstDay).toBe("1995-01-01");
    expect(await readBasis(shop)).toEqual(basis);
    const of = (customer: string) => [customerId(customer)];
    const some = await inTransaction((client) => loadPurchasesOf(client, shop, of("20")));
    expect(some).toEqual({ purchases, customerIds });
    expect(await hasCountedOrder(shop, customerId("20"))).toBe(true);
    expect(await hasCountedOrder(shop, customerId("3"))).toBe(false);
    expect(
      await rows("select order_id, day::text from orders where order_id in ('2', '3') order by 1"),
    ).toEqual([
      { order_id: "2", day: "0021-03-04" },
      { order_id: "3", day: "0021-03-04" },
    ]);
  });

  it("count an order dated in the future once that day has come", async () => {
    const clock = (days: number) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * 86_400_000 });
    };
    const at = new Date(Date.now() + 5 * 86_400_000).toISOString().replace(/\.\d+/, "");
    shopify([line({ id: 1, customer: 20, at })]);
    await runImport(shop);
    expect((await loadPurchases(shop)).basis.countedOrders).toBe(0);
    clock(5);
    try {
      expect((await loadPurchases(shop)).basis.countedOrders).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("leave out an opted-out customer once, however many reasons there are", async () => {
    shopify([
      line({ id: 1, customer: 20, at: "2026-01-10T10:00:00Z" }),
      line({ id: 2, customer: 20, at: "2026-01-12T10:00:00Z" }),
      line({ id: 3, customer: 20, test: true }),
      line({ id: 4, customer: 3, at: "2026-01-07T10:00:00Z" }),
      line({ id: 5, customer: null }),
    ]);
    await runImport(shop);
    await pool.query(
      `insert into excluded_customers (shop, customer_id, source)
       values ($1, '20', 'merchant'), ($1, '20', 'tag'), ($1, '99', 'merchant'),
              ('other.myshopify.com', '3', 'merchant')`,
      [shop],
    );
    const { purchases, customerIds, basis } = await loadPurchases(shop);
    expect(customerIds).toEqual(["3"]);
    expect([...purchases.day]).toEqual([20_460]);
    expect(basis).toMatchObject({
      orders: 5,
      countedOrders: 1,
      guestOrders: 1,
      excluded: { customers: 1, orders: 2 },
      lastDay: "2026-01-07",
    });
    await pool.query("delete from excluded_customers where source = 'merchant'");
    expect((await loadPurchases(shop)).customerIds).toEqual(["3"]);
    await pool.query("delete from excluded_customers");
    expect((await loadPurchases(shop)).customerIds).toEqual(["20", "3"]);
  });
});
