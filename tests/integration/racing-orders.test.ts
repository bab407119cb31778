import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { LINES_OF_FIRST_CHUNK } from "#app/orders/import/load-lines.server.ts";
import { normaliseOrder } from "#app/orders/store/normalise.ts";
import { orderRows } from "#app/orders/store/order-rows.ts";
import { currentUnits, shopUnitsOf } from "#app/orders/store/order-units.server.ts";
import { storeOrders } from "#app/orders/store/store-orders.server.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { meetBefore, untilBlocked } from "../setup/meeting.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { type Line, line, shopWithExport } from "./orders-export.ts";

const shop = shopDomain("one.myshopify.com");
const fake = new FakeShopify();

async function rows<Row extends object>(sql: string): Promise<Row[]> {
  return (await pool.query<Row>(sql)).rows;
}

const stored = () =>
  rows<{ id: string; amount: string; day: string }>(
    `select order_id as id, amount_minor as amount, day::text from orders
      order by order_id::int limit 5`,
  );

async function install(): Promise<void> {
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'GBP', 'Europe/London', true)`,
    [shop],
  );
}

/** An order as Shopify returns it by id. */
const shown = (order: Line) => JSON.parse(line(order)) as Record<string, unknown>;

const line1 = (): Line => ({ id: 1, updated: "2026-01-10T12:00:00Z" });

async function webhook(orderId: string): Promise<void> {
  await pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id) values ($1, $2, $3, $2)`,
    [shop, orderId, "orders/updated"],
  );
}

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  await pool.query(
    "truncate shops, orders, order_imports, seen_orders, progress, webhook_inbox, sessions",
  );
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("the chunks of an import", () => {
  const lines = Array.from({ length: LINES_OF_FIRST_CHUNK + 3 }, (_, at) => line({ id: at + 1 }));

  it.each([
    ["a shop's first", 0],
    ["a later", 1],
  ])("are counted in order, in %s import: none is skipped", async (_, before) => {
    shopWithExport(fake, lines);
    await install();
    if (before > 0) await runImport(shop);
    const counted = meetBefore(/set lines_loaded/);
    const imported = runImport(shop);
    imported.catch(() => undefined);
    await counted.arrived();
    // The first chunk is never counted, so the second must not be either: that would hide the gap.
    counted.fail(new Error("the connection broke"));
    counted.end();
    await expect(imported).rejects.toThrow("the connection broke");
    const latest = "select lines_loaded as n from order_imports order by started_at desc limit 1";
    expect(await rows(latest)).toEqual([{ n: "0" }]);
    await runImport(shop);
    expect(await rows("select count(*)::int as n from orders")).toEqual([{ n: lines.length }]);
    expect(await rows(latest)).toEqual([{ n: String(lines.length) }]);
  });
});

describe("an import that removes orders it did not contain", () => {
  it("keeps an order that was stored after it started", async () => {
    shopWithExport(fake, [line({ id: 1 }), line({ id: 2 })]);
    await install();
    await runImport(shop);
    // The order is placed, and read, before the next export; it is stored when that is loaded.
    fake.answers.set("EncoreOrdersById", () => ({ data: { nodes: [shown({ id: 3 })] } }));
    await webhook("3");
    const storing = meetBefore(/from shops.* for share/s);
    const followed = runFollow(shop);
    await storing.arrived();
    shopWithExport(fake, [line({ id: 1 })]);
    const removing = meetBefore(/^with seen as materialized/);
    const imported = runImport(shop);
    await removing.arrived();
    storing.end();
    await followed;
    removing.end();
    await imported;
    expect((await stored()).map(({ id }) => id)).toEqual(["1", "3"]);
  });
});

describe("two transactions that store versions of one order", () => {
  const units = shopUnitsOf({ timeZone: "Europe/London", currency: "GBP", digits: 2 });
  const versions = {
    first: shown({ id: 1, amount: "1.0", updated: "2026-01-10T12:00:00Z" }),
    second: shown({ id: 1, amount: "2.0", updated: "2026-01-11T12:00:00Z" }),
    third: shown({ id: 1, amount: "3.0", updated: "2026-01-12T12:00:00Z" }),
  };
  const store = (version: keyof typeof versions) =>
    inTransaction((client) => {
      const order = normaliseOrder(versions[version] as never, units);
      const orders = orderRows(shop, [order]);
      return storeOrders(client, shop, { orders, seenAt: new Date() });
    });

  it.each([
    ["it was here", true],
    ["it was not here", false],
  ])("keep the newer one, whichever was first, when %s before", async (_, known) => {
    await install();
    if (known) await store("first");
    const committing = meetBefore(/^commit/);
    const newer = store("third");
    await committing.arrived();
    // It compares with its snapshot, and waits for the other's row.
    const older = store("second");
    await untilBlocked();
    committing.end();
    await Promise.all([newer, older]);
    expect(await stored()).toMatchObject([{ id: "1", amount: "300" }]);
  });
});

describe("orders that are stored twice in one transaction", () => {
  it("are counted and moved for each change", async () => {
    await install();
    const units = shopUnitsOf({ timeZone: "Europe/London", currency: "GBP", digits: 2 });
    const read = (orders: Line[]) =>
      orderRows(
        shop,
        orders.map((order) => normaliseOrder(shown(order) as never, units)),
      );
    const updated = "2026-01-11T12:00:00Z";
    const batches = [
      [line1(), { ...line1(), id: 2 }],
      [line1(), { ...line1(), id: 2, customer: 9, updated }, { ...line1(), id: 3 }],
    ];
    const counts = await inTransaction(async (client) => {
      const seenAt = new Date();
      const stored = [];
      for (const batch of batches) {
        stored.push(await storeOrders(client, shop, { orders: read(batch), seenAt }));
      }
      return stored;
    });
    expect(counts).toEqual([
      { added: 2, changed: 0, moves: [] },
      { added: 1, changed: 1, moves: [{ from: "1", to: "9" }] },
    ]);
  });
});

describe("following an order while the shop's time zone changes", () => {
  it("stores it on its day in the new one", async () => {
    shopWithExport(fake, []);
    await install();
    await runImport(shop);
    const order = shown({ id: 1, at: "2026-01-10T02:00:00Z" });
    const readings: string[] = [];
    fake.answers.set("EncoreOrdersById", async () => {
      const [zone] = await rows<{ zone: string }>("select time_zone as zone from shops");
      readings.push(zone?.zone ?? "");
      // While Shopify answers, the time zone changes to New York, and the stored days are updated.
      await pool.query("update shops set time_zone = 'America/New_York'");
      await currentUnits(shop);
      return { data: { nodes: [order] } };
    });
    await webhook("1");
    await runFollow(shop);
    expect(readings).toEqual(["Europe/London", "America/New_York"]);
    expect(await stored()).toMatchObject([{ id: "1", day: "2026-01-09" }]);
    expect(await rows("select 1 from webhook_inbox where handled_at is null")).toEqual([]);
  });
});
