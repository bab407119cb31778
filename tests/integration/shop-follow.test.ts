import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueueDueReconciliations } from "#app/orders/reconcile/enqueue-due.server.ts";
import {
  areUnitsCurrent,
  beginImportUnits,
  currentUnits,
} from "#app/orders/store/order-units.server.ts";
import { runShopFollow } from "#app/orders/webhooks/follow-shop.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { besideTransaction } from "../setup/beside-transaction.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");
const ALL = ["read_orders", "read_all_orders", "write_customers"];

/** The shop's settings and grants in Shopify. */
const usual = { name: "One", currency: "EUR", timeZone: "Europe/London", scopes: ALL };
const now = { ...usual, developmentStore: false };

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>(sql)).rows;
}
const jobs = async () =>
  (await rows("select name from pgboss.job order by name")).map((j) => j.name);
const days = async () =>
  (await rows("select day::text from orders order by order_id")).map((r) => r.day);
const progress = () => rows("select task, state, error_code from progress order by task");

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  Object.assign(now, { ...usual, developmentStore: false });
  fake.reset();
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        id: "gid://shopify/Shop/1",
        name: now.name,
        currencyCode: now.currency,
        ianaTimezone: now.timeZone,
        plan: { partnerDevelopment: now.developmentStore },
      },
      currentAppInstallation: { accessScopes: now.scopes.map((handle) => ({ handle })) },
    },
  }));
  await pool.query("truncate shops, orders, order_imports, progress, webhook_inbox");
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'Europe/London', true)`,
    [shop],
  );
  await pool.query(
    "insert into order_imports (shop, id, state, full_history) values ($1, 'i1', 'done', true)",
    [shop],
  );
  await pool.query(
    `insert into orders (shop, order_id, processed_at, updated_at, day, amount_minor, test, tags)
     select $1, id, at::timestamptz, at::timestamptz, at::date, 100, false, '{}'
       from (values ('1', '2026-11-20 02:00Z'), ('2', '2026-11-20 12:00Z')) as o (id, at)`,
    [shop],
  );
  await pool.query(
    "insert into progress (shop, task, state) values ($1, 'import', 'done'), ($1, 'write', 'done')",
    [shop],
  );
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("a shop whose settings change", () => {
  it("has its name stored, and nothing else done", async () => {
    now.name = "Another";
    await pool.query(
      "insert into webhook_inbox (shop, webhook_id, topic) values ($1, 'w', 'shop/update')",
      [shop],
    );
    await runShopFollow(shop);
    expect(await rows("select name from shops")).toEqual([{ name: "Another" }]);
    expect(await rows("select 1 from webhook_inbox where handled_at is null")).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it("has each purchase put on its day in another time zone, once, and is scored", async () => {
    now.timeZone = "America/New_York";
    await runShopFollow(shop);
    expect(await days()).toEqual(["2026-11-19", "2026-11-20"]);
    expect(await jobs()).toEqual(["scoring.run"]);
    await pool.query("delete from pgboss.job");
    await runShopFollow(shop);
    expect(await jobs()).toEqual([]);
  });

  it("stores no order that was read with the previous time zone", async () => {
    const before = await currentUnits(shop);
    now.timeZone = "America/New_York";
    await runShopFollow(shop);
    const check = (units: typeof before) =>
      inTransaction((client) =>
        areUnitsCurrent(client, shop, units ?? { timeZone: "", currency: "", digits: 0 }),
      );
    expect(await check(before)).toBe(false);
    expect(await check(await currentUnits(shop))).toBe(true);
  });

  it("cannot cause a deadlock when one transaction also moves the cursor", async () => {
    const units = await currentUnits(shop);
    if (units === null) throw new Error("The shop is not imported");
    const order: string[] = [];
    let alone: Promise<void> | undefined;
    await besideTransaction(pool, async (client) => {
      expect(await areUnitsCurrent(client, shop, units)).toBe(true);
      alone = inTransaction(async (other) => {
        await other.query("set local lock_timeout = '10s'");
        expect(await areUnitsCurrent(other, shop, { ...units, lock: "no key update" })).toBe(true);
        order.push("alone");
      });
      // Until it is blocked, it could still get the lock.
      for (let waiting = 0; waiting === 0;) {
        const { rowCount } = await pool.query("select 1 from pg_locks where not granted");
        waiting = rowCount ?? 0;
      }
      order.push("shared");
    });
    await alone;
    expect(order).toEqual(["shared", "alone"]);
  });

  it("is imported again in another currency, and nothing is followed before that", async () => {
    now.currency = "JPY";
    await runShopFollow(shop);
    expect(await jobs()).toEqual(["orders.import"]);
    expect(await currentUnits(shop)).toBeNull();
  });

  it("is imported again when its currency has other digits, and nothing is followed before that", async () => {
    const before = await currentUnits(shop);
    if (before === null) throw new Error("The shop is not imported");
    await pool.query("update shops set orders_currency = 'EUR', orders_currency_digits = 3");
    expect(await inTransaction((client) => areUnitsCurrent(client, shop, before))).toBe(false);
    expect(await currentUnits(shop)).toBeNull();
    expect(await jobs()).toEqual(["orders.import"]);
    // As the import does at its start.
    expect(await beginImportUnits(shop)).toMatchObject({ currency: "EUR", digits: 2 });
    expect(await currentUnits(shop)).toMatchObject({ digits: 2 });
  });

  it("is imported again where the digits were not recorded and runtimes disagree about them", async () => {
    await pool.query("update shops set currency = 'HUF', orders_currency = 'HUF'");
    expect(await currentUnits(shop)).toBeNull();
    expect(await jobs()).toEqual(["orders.import"]);
    await pool.query("delete from pgboss.job");
    await pool.query("update order_imports set as_of = now(), started_at = now()");
    await enqueueDueReconciliations();
    expect(await jobs()).toEqual(["orders.reconcile"]);
    await pool.query("delete from pgboss.job");
    await beginImportUnits(shop);
    await enqueueDueReconciliations();
    expect(await jobs()).toEqual([]);
    expect(await currentUnits(shop)).toMatchObject({ currency: "HUF", digits: 2 });
  });

  it("leaves the days to a running import", async () => {
    await pool.query("insert into order_imports (shop, id, state) values ($1, 'i2', 'loading')", [
      shop,
    ]);
    now.timeZone = "America/New_York";
    await runShopFollow(shop);
    expect(await days()).toEqual(["2026-11-20", "2026-11-20"]);
    await pool.query("update order_imports set state = 'done'");
    await currentUnits(shop);
    expect(await days()).toEqual(["2026-11-19", "2026-11-20"]);
  });
});

describe("a development store that becomes a live one", () => {
  it("is scored again, with the orders that count there", async () => {
    await pool.query("update shops set development_store = true");
    await runShopFollow(shop);
    expect(await rows("select development_store from shops")).toEqual([
      { development_store: false },
    ]);
    expect(await jobs()).toEqual(["scoring.run"]);
  });
});

describe("a shop whose grants change", () => {
  it("is imported again when more of its history may be read than the last import saw", async () => {
    await pool.query("update order_imports set full_history = false");
    await pool.query("update shops set full_history = false");
    await runShopFollow(shop);
    expect(await jobs()).toEqual(["orders.import"]);
  });

  it("is scored again when less may be read, and keeps its orders", async () => {
    now.scopes = ALL.filter((scope) => scope !== "read_all_orders");
    await runShopFollow(shop);
    expect(await rows("select full_history from shops")).toEqual([{ full_history: false }]);
    expect(await jobs()).toEqual(["scoring.run"]);
    expect(await days()).toHaveLength(2);
  });

  it("shows work without its scope as stopped, and resumes it when the scope is granted", async () => {
    now.scopes = ["read_orders", "read_all_orders", "read_customers"];
    await runShopFollow(shop);
    const stopped = { task: "write", state: "failed", error_code: "shopify-access-denied" };
    expect(await progress()).toEqual([
      { task: "import", state: "done", error_code: null },
      stopped,
    ]);
    now.scopes = ["read_all_orders", "write_customers"];
    await runShopFollow(shop);
    expect((await progress())[0]).toMatchObject({ task: "import", state: "failed" });
    now.scopes = ALL;
    await runShopFollow(shop);
    expect((await progress()).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
    expect(await jobs()).toEqual(["orders.import", "writeback.push"]);
  });

  it("is not changed when it has removed the app", async () => {
    await pool.query("update shops set uninstalled_at = now()");
    await runShopFollow(shop);
    expect(fake.calls).toEqual([]);
  });
});
