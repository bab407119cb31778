import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { customerId, type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { recordTombstones } from "#app/orders/customers/tombstones.server.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { LINES_OF_FIRST_CHUNK } from "#app/orders/import/load-lines.server.ts";
import { loadPurchases, loadPurchasesOf } from "#app/orders/purchases/purchase-days.server.ts";
import { eraseLeftovers, eraseShop } from "#app/privacy/erasure/erase-shop.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { line, shopWithExport } from "./orders-export.ts";

// A shop with 100 orders counts as large here.
const fake = new FakeShopify();
const large = shopDomain("large.myshopify.com");
const small = shopDomain("small.myshopify.com");
const threshold = env.ORDERS_FOR_OWN_TABLE;

const orders = (count: number) =>
  Array.from({ length: count }, (_, index) => line({ id: index + 1, customer: (index % 7) + 1 }));

async function imported(shop: ShopDomain, lines: string[]): Promise<void> {
  shopWithExport(fake, lines);
  await ensureInstalled({ shop });
  await runImport(shop);
}

async function uninstalled(shop: ShopDomain): Promise<void> {
  await pool.query("update shops set uninstalled_at = now() - interval '4 days' where shop = $1", [
    shop,
  ]);
  await pool.query("delete from sessions where shop = $1", [shop]);
}

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await pool.query<Row>(sql, values)).rows;
}

/** Numbers of a shop's orders by table. */
async function places(shop: ShopDomain): Promise<{ shared: number; own: number }> {
  const [found] = await rows<{ shared: number; own: number }>(
    `select count(*) filter (where tableoid = 'orders'::regclass)::int as shared,
            count(*) filter (where tableoid <> 'orders'::regclass)::int as own
       from orders where shop = $1`,
    [shop],
  );
  return found ?? { shared: 0, own: 0 };
}

const ownTables = () =>
  rows(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'orders'::regclass",
  );

beforeAll(async () => {
  await fake.start();
  env.ORDERS_FOR_OWN_TABLE = 100;
});
afterAll(async () => {
  env.ORDERS_FOR_OWN_TABLE = threshold;
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});
beforeEach(async () => {
  await giveSession(large);
  await giveSession(small);
});
afterEach(async () => {
  fake.reset();
  for (const shop of [large, small]) {
    await uninstalled(shop);
    expect(await eraseShop(shop, { askedBy: "shop/redact" })).toBe(true);
  }
  expect(await ownTables()).toEqual([]);
});

/** Enough unreadable lines for the file to be refused. */
const rubbish = (lines: number) => new Array<string>(lines).fill("not an order");

describe("the orders of a large shop", () => {
  it("are in a separate table, and those of a small one are not", async () => {
    await imported(small, orders(99));
    await imported(large, orders(100));
    expect(await places(small)).toEqual({ shared: 99, own: 0 });
    expect(await places(large)).toEqual({ shared: 0, own: 100 });
    const indexes = await rows<{ columns: string }>(
      `select pg_get_indexdef(indexrelid) as columns from pg_index
        where indrelid in (select inhrelid from pg_inherits where inhparent = 'orders'::regclass)
        order by 1`,
    );
    expect(indexes.map(({ columns }) => /\((.*)\)/.exec(columns)?.[1])).toEqual([
      "customer_id",
      "shop, order_id",
    ]);
  });

  it("are not scanned for another shop", async () => {
    await imported(small, orders(3));
    await imported(large, orders(100));
    const [own] = (await ownTables()) as { name: string }[];
    const plan = async (shop: ShopDomain) => {
      const lines = await rows("explain select * from orders where shop = $1", [shop]);
      return JSON.stringify(lines);
    };
    expect(await plan(small)).not.toContain(own?.name);
    expect(await plan(large)).toContain(own?.name);
  });

  it("make the same purchases as in the shared table", async () => {
    await imported(small, orders(300));
    env.ORDERS_FOR_OWN_TABLE = 1_000;
    await imported(large, orders(300));
    expect(await places(large)).toEqual({ shared: 300, own: 0 });
    env.ORDERS_FOR_OWN_TABLE = 100;
    expect(await places(small)).toEqual({ shared: 0, own: 300 });
    expect(await loadPurchases(small)).toEqual(await loadPurchases(large));
    const some = [customerId("2"), customerId("5")];
    const of = (shop: ShopDomain) => inTransaction((client) => loadPurchasesOf(client, shop, some));
    expect(await of(small)).toEqual(await of(large));
  });

  it("stay there when all are imported again: changed, new, and without deleted ones", async () => {
    await imported(large, orders(120));
    const later = "2026-02-01T00:00:00Z";
    const again = orders(110);
    again[0] = line({ id: 1, customer: 3, updated: later });
    await imported(large, [...again, line({ id: 500 })]);
    expect(await places(large)).toEqual({ shared: 0, own: 111 });
    expect(await rows("select customer_id from orders where order_id = '1'")).toEqual([
      { customer_id: "3" },
    ]);
  });

  it("stay there when the shop had none before and an import failed", async () => {
    await expect(imported(large, [...orders(150), ...rubbish(11)])).rejects.toThrow();
    await imported(large, orders(150));
    expect(await places(large)).toEqual({ shared: 0, own: 150 });
  });

  it("are complete when an import resumes after a kill", async () => {
    const many = orders(LINES_OF_FIRST_CHUNK + 100);
    const broken = many.toSpliced(LINES_OF_FIRST_CHUNK, 60, ...rubbish(60));
    await expect(imported(large, broken)).rejects.toThrow();
    expect(await places(large)).toEqual({ shared: 0, own: LINES_OF_FIRST_CHUNK });
    await pool.query("update order_imports set state = 'loading' where shop = $1", [large]);
    shopWithExport(fake, ["not read again", ...many.slice(1)]);
    await runImport(large);
    expect(await places(large)).toEqual({ shared: 0, own: many.length });
  });

  it("are stored once, when the export has some twice", async () => {
    const newer = line({ id: 1, amount: "2.0", updated: "2026-02-01T00:00:00Z" });
    await imported(large, [newer, ...orders(120)]);
    expect(await places(large)).toEqual({ shared: 0, own: 120 });
    expect(await rows("select amount_minor from orders where order_id = '1'")).toEqual([
      { amount_minor: "200" },
    ]);
  });

  it("follow a customer who was merged", async () => {
    await imported(large, orders(140));
    await inTransaction((client) =>
      recordTombstones(client, large, [{ customerId: "1", into: "2" }]),
    );
    expect(
      await rows("select count(*)::int from orders where shop = $1 and customer_id = '2'", [large]),
    ).toEqual([{ count: 40 }]);
  });
});

describe("erasing a large shop", () => {
  it("drops its table, and none of another shop's orders with the same ctid", async () => {
    await pool.query("truncate orders");
    await imported(small, orders(99));
    await imported(large, orders(100));
    await uninstalled(large);
    expect(await eraseShop(large, { askedBy: "shop/redact" })).toBe(true);
    expect(await ownTables()).toEqual([]);
    expect(await places(small)).toEqual({ shared: 99, own: 0 });
  });

  it("waits for readers of orders, without blocking others for long", async () => {
    await imported(large, orders(100));
    const reader = await pool.connect();
    await reader.query("begin");
    await reader.query("select count(*) from orders where shop = 'another'");
    await uninstalled(large);
    await expect(eraseShop(large, { askedBy: "shop/redact" })).rejects.toMatchObject({
      code: "55P03",
    });
    await reader.query("commit");
    reader.release();
    expect(await eraseShop(large, { askedBy: "shop/redact" })).toBe(true);
  });

  it("before it returns lets it start like a new shop", async () => {
    await imported(large, orders(100));
    await eraseLeftovers(large);
    expect(await ownTables()).toEqual([]);
    shopWithExport(fake, orders(130));
    await runImport(large);
    expect(await places(large)).toEqual({ shared: 0, own: 130 });
  });
});
