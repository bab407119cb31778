import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import {
  enqueueDeletionChecks,
  recordTombstones,
} from "#app/orders/customers/tombstones.server.ts";
import type { StoredOrder } from "#app/orders/store/normalise.ts";
import { orderRows } from "#app/orders/store/order-rows.ts";
import { storeOrders } from "#app/orders/store/store-orders.server.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");

/** The customer of each order in the shop; and the customers who exist. */
const owners = new Map<string, string>();
const present = new Set<string>();

const number = (gid: string) => gid.replace(/^.*\//, "");

function ordersById({ ids }: Record<string, unknown>) {
  const nodes = (ids as string[]).map((id) => {
    const owner = owners.get(number(id));
    if (owner === undefined) return null;
    return {
      id,
      processedAt: "2026-11-21T09:00:00Z",
      updatedAt: "2026-11-21T10:00:00Z",
      cancelledAt: null,
      test: false,
      displayFinancialStatus: "PAID",
      currentTotalPriceSet: { shopMoney: { amount: "10.0" } },
      sourceName: "web",
      tags: [],
      customer: { id: `gid://shopify/Customer/${owner}` },
    };
  });
  return { data: { nodes } };
}

function customersById({ ids }: Record<string, unknown>) {
  const nodes = (ids as string[]).map((id) => (present.has(number(id)) ? { id } : null));
  return { data: { nodes } };
}

function stored(orderId: string, customerId: string): StoredOrder {
  return {
    orderId,
    customerId,
    processedAt: "2026-11-21T09:00:00Z",
    updatedAt: "2026-11-21T10:00:00Z",
    day: 20_778,
    amountMinor: 1_000,
    financialStatus: "PAID",
    cancelledAt: null,
    test: false,
    channel: "web",
    tags: [],
    exclusionReason: null,
  };
}

const store = (...orders: StoredOrder[]) =>
  inTransaction((client) =>
    storeOrders(client, shop, { orders: orderRows(shop, orders), seenAt: new Date() }),
  );

let deliveries = 0;
async function arrived(topic: string, resource: string, related: string | null = null) {
  deliveries += 1;
  await pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id, related_id)
     values ($1, $2, $3, $4, $5)`,
    [shop, `w${String(deliveries)}`, topic, resource, related],
  );
}

async function column(sql: string): Promise<unknown[]> {
  const { rows } = await pool.query<Record<string, unknown>>(sql);
  return rows.map((row) => Object.values(row).join(" "));
}
const whose = () => column("select order_id, customer_id from orders order by 1");
const goneNow = () =>
  column("select customer_id, coalesce(into_customer_id, '-') from gone_customers order by 1");
const marked = () => column("select customer_id from changed_customers order by 1");
const unread = () => column("select resource_id from webhook_inbox where handled_at is null");

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  fake.answers.set("EncoreOrdersById", ordersById);
  fake.answers.set("EncoreCustomersById", customersById);
  owners.clear();
  present.clear();
  await pool.query(
    `truncate webhook_inbox, shops, orders, order_imports, gone_customers, changed_customers,
              excluded_customers`,
  );
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'Europe/London', true)`,
    [shop],
  );
  await pool.query("insert into order_imports (shop, id, state) values ($1, 'i1', 'done')", [shop]);
  await store(stored("1", "10"), stored("2", "10"), stored("3", "20"));
  for (const [order, customer] of [
    ["1", "10"],
    ["2", "10"],
    ["3", "20"],
  ] as const) {
    owners.set(order, customer);
    present.add(customer);
  }
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("a customer who was merged into another", () => {
  it("passes the history to the other, and both are rescored", async () => {
    present.delete("10");
    await arrived("customers/merge", "10", "20");
    await runFollow(shop);
    expect(await whose()).toEqual(["1 20", "2 20", "3 20"]);
    expect(await goneNow()).toEqual(["10 20"]);
    expect(await marked()).toEqual(["10", "20"]);
    expect(await unread()).toEqual([]);
  });

  it("stays as it is when Shopify still knows the customer: the merge failed", async () => {
    await arrived("customers/merge", "10", "20");
    await runFollow(shop);
    expect(await whose()).toEqual(["1 10", "2 10", "3 20"]);
    expect(await goneNow()).toEqual([]);
    expect(await marked()).toEqual([]);
    expect(await unread()).toEqual([]);
  });

  it.each([
    ["in order", ["10>20", "20>30", "30>40"]],
    ["in reverse", ["30>40", "20>30", "10>20"]],
    ["mixed, and twice", ["20>30", "10>20", "30>40", "10>20"]],
  ])("is merged into the last of a chain reported %s", async (_how, told) => {
    present.clear();
    for (const merge of told) {
      await arrived("customers/merge", merge.split(">")[0] ?? "", merge.split(">")[1]);
    }
    await runFollow(shop);
    expect(await whose()).toEqual(["1 40", "2 40", "3 40"]);
    expect(await goneNow()).toEqual(["10 40", "20 40", "30 40"]);
  });

  it("gets no orders that were read before the merge and stored after it", async () => {
    await inTransaction((client) =>
      recordTombstones(client, shop, [{ customerId: "10", into: "20" }]),
    );
    await store(stored("1", "10"), stored("4", "10"));
    expect(await whose()).toEqual(["1 20", "2 20", "3 20", "4 20"]);
  });

  it("opts the other out too, when the first one was opted out", async () => {
    await pool.query(
      "insert into excluded_customers (shop, customer_id, source) values ($1, '10', 'merchant')",
      [shop],
    );
    present.delete("10");
    await arrived("customers/merge", "10", "20");
    await runFollow(shop);
    expect(await column("select customer_id from excluded_customers order by 1")).toEqual([
      "10",
      "20",
    ]);
  });
});

describe("a customer who no longer exists in Shopify", () => {
  it("was merged, when the orders belong to somebody else now", async () => {
    present.delete("10");
    owners.set("1", "20").set("2", "20");
    await inTransaction((client) => enqueueDeletionChecks(client, shop, ["10"]));
    await runFollow(shop);
    expect(await whose()).toEqual(["1 20", "2 20", "3 20"]);
    expect(await goneNow()).toEqual(["10 20"]);
    expect(await marked()).toEqual(["10", "20"]);
  });

  it("was merged, when an order that is read for another reason belongs to somebody else", async () => {
    present.delete("10");
    owners.set("1", "20").set("2", "20");
    await arrived("orders/updated", "1");
    await runFollow(shop);
    expect(await whose()).toEqual(["1 20", "2 20", "3 20"]);
    expect(await goneNow()).toEqual(["10 20"]);
    expect(await unread()).toEqual([]);
  });

  it("was not merged, when an order is somebody else's and the customer is still there", async () => {
    owners.set("1", "20");
    await arrived("orders/updated", "1");
    await runFollow(shop);
    expect(await whose()).toEqual(["1 20", "2 10", "3 20"]);
    expect(await goneNow()).toEqual([]);
    expect(await marked()).toEqual(["10", "20"]);
  });

  it("was deleted, when the orders are gone or belong to nobody", async () => {
    present.delete("10");
    owners.delete("1");
    owners.delete("2");
    await arrived("customers/delete", "10");
    await runFollow(shop);
    expect(await whose()).toEqual(["3 20"]);
    expect(await goneNow()).toEqual(["10 -"]);
    expect(await marked()).toEqual(["10"]);
  });

  it("is looked up once, and unchanged if still there", async () => {
    await inTransaction((client) => enqueueDeletionChecks(client, shop, ["10", "20"]));
    await inTransaction((client) => enqueueDeletionChecks(client, shop, ["10"]));
    await runFollow(shop);
    expect(await goneNow()).toEqual([]);
    expect(await whose()).toEqual(["1 10", "2 10", "3 20"]);
    expect(fake.count("EncoreCustomersById")).toBe(1);
  });
});

describe("an order that was deleted", () => {
  it("is not restored by data read before", async () => {
    await arrived("orders/delete", "1");
    await runFollow(shop);
    await store(stored("1", "10"));
    expect(await whose()).toEqual(["2 10", "3 20"]);
  });

  it("is gone even when Shopify still shows it", async () => {
    await arrived("orders/delete", "1");
    await arrived("orders/updated", "1");
    await runFollow(shop);
    expect(await whose()).toEqual(["2 10", "3 20"]);
    expect(await unread()).toEqual([]);
  });
});
