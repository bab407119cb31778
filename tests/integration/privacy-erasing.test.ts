import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { orderRows } from "#app/orders/store/order-rows.ts";
import { storeOrders } from "#app/orders/store/store-orders.server.ts";
import { enqueuePrivacyRequests } from "#app/privacy/enqueue-due.server.ts";
import { runPrivacy } from "#app/privacy/handle-requests.server.ts";
import { heldTables, otherTables } from "#app/privacy/tables.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import {
  everyTable,
  fillEveryTable,
  rowsOf,
  shopTables,
  tablesWith,
} from "#tests/setup/every-table.ts";

import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { delivery, requestBody } from "../setup/webhook.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("erased.myshopify.com");
const other = shopDomain("other.myshopify.com");
const customerId = "820982911946154508";

let deliveries = 0;

/** Shopify's request, through the route. */
async function ask(topic: string, body: unknown): Promise<void> {
  deliveries += 1;
  const webhookId = `privacy-${String(deliveries)}`;
  const response = await privacy(delivery({ shop, topic, body, webhookId }));
  expect(response.status).toBe(200);
}

// A number too large for JSON.parse.
const about = requestBody.redactCustomer({ shop, customerId });

async function setShop(fields: string): Promise<void> {
  await pool.query(`update shops set ${fields} where shop = $1`, [shop]);
}

async function waitingJobs(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select name from pgboss.job where data->>'shop' = $1 and state = 'created' order by name",
    [shop],
  );
  return rows.map(({ name }) => name);
}

/** A job that a worker is running. */
async function workUnderWay(name: string): Promise<void> {
  await pool.query(
    `insert into pgboss.job (name, data, state, started_on)
     values ($1, jsonb_build_object('shop', $2::text), 'active', now() - interval '1 minute')`,
    [name, shop],
  );
}

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  for (const { table } of await shopTables()) await pool.query(`truncate ${table}`);
  await pool.query("delete from pgboss.job");
  await fillEveryTable({ shop, customerId, word: "mine" });
  await fillEveryTable({ shop: other, customerId: "7000", word: "theirs" });
  await setShop("uninstalled_at = null, leftovers = false");
  await pool.query("delete from sessions where shop = $1", [shop]);
  await pool.query("update write_batches set lines = null");
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("the list of tables used by erasure", () => {
  it("names every table with a column for the shop, and no other", async () => {
    const held = (await shopTables()).map(({ table }) => table).sort();
    expect([...new Set(heldTables.map(({ table }) => table))].sort()).toEqual(held);
    const all = (await everyTable(["public"])).map(({ table }) => table).sort();
    expect([...held, ...otherTables].sort()).toEqual(all);
  });

  it("names every column with a customer id", async () => {
    for (const { table, columns } of await shopTables()) {
      const found = columns.filter(({ name }) => /customer(?!_digest|s$)/.test(name));
      const listed = heldTables.flatMap((held) => (held.table === table ? [held.customer] : []));
      expect({ table, customer: found.map(({ name }) => name) }).toEqual({
        table,
        customer: listed.filter((column) => column !== null),
      });
    }
  });
});

describe("the erasure of a customer", () => {
  it("removes the number from every column of every table, and keeps the order as a guest order", async () => {
    await ask("customers/data_request", requestBody.requestData({ shop, customerId }));
    await ask("customers/redact", about);
    const before = await rowsOf(other);
    await runPrivacy(shop);
    expect(await tablesWith(customerId)).toEqual([]);
    expect(await tablesWith("jane")).toEqual([]);
    const orders = await pool.query("select customer_id from orders where shop = $1", [shop]);
    expect(orders.rows).toEqual([{ customer_id: null }]);
    expect(await rowsOf(other)).toEqual(before);
  });

  it("includes webhooks that name the customer together with another", async () => {
    await pool.query(
      `insert into webhook_inbox (shop, webhook_id, topic, resource_id) values
         ($1, 'm', 'customers/merge', $2 || '>12'), ($1, 'n', 'customers/merge', $2 || '0>12')`,
      [shop, customerId],
    );
    await ask("customers/redact", about);
    await runPrivacy(shop);
    const { rows } = await pool.query(
      "select webhook_id, resource_id, handled_at is null as open from webhook_inbox where webhook_id in ('m', 'n') order by 1",
    );
    expect(rows).toEqual([
      { webhook_id: "m", resource_id: null, open: false },
      { webhook_id: "n", resource_id: `${customerId}0>12`, open: true },
    ]);
  });

  it("waits for tasks that had read the customer, and erases what they wrote", async () => {
    await ask("customers/redact", about);
    await workUnderWay("scoring.run");
    const stop = new AbortController();
    const first = runPrivacy(shop, stop.signal);
    await expect
      .poll(async () => (await tablesWith(customerId)).filter((t) => t !== "public.webhook_inbox"))
      .toEqual([]);
    await pool.query(
      "insert into written_states (shop, customer_id, tags) values ($1, $2, '{clv:high}')",
      [shop, customerId],
    );
    await pool.query("update pgboss.job set state = 'completed' where name = 'scoring.run'");
    await first;
    expect(await tablesWith(customerId)).toEqual([]);
  });

  it("also waits for tasks that read what those wrote", async () => {
    await ask("customers/redact", about);
    await runPrivacy(shop);
    await pool.query("update redacted_customers set redacted_at = now() - interval '1 hour'");
    await ask("customers/redact", about);
    await workUnderWay("scoring.run");
    await pool.query("update pgboss.job set started_on = now() - interval '2 hours'");
    await workUnderWay("writeback.push");
    const first = runPrivacy(shop);
    await pool.query("insert into pending_writes (shop, customer_id) values ($1, $2)", [
      shop,
      customerId,
    ]);
    await pool.query("update pgboss.job set state = 'completed' where name = 'scoring.run'");
    await expect.poll(() => tablesWith(customerId)).toEqual(["public.webhook_inbox"]);
    await pool.query(
      "insert into written_states (shop, customer_id, tags) values ($1, $2, '{clv:high}')",
      [shop, customerId],
    );
    await pool.query("update pgboss.job set state = 'completed' where name = 'writeback.push'");
    await first;
    expect(await tablesWith(customerId)).toEqual([]);
  });

  it("does not depend on Shopify: removing tags there is retried for days, then abandoned", async () => {
    fake.refresh = () => ({ status: 500 });
    await giveSession(shop, new Date(Date.now() - 60_000));
    await setShop("access_lost_at = null");
    await ask("customers/redact", about);
    await ask("customers/data_request", requestBody.requestData({ shop, customerId: "12" }));
    await expect(runPrivacy(shop)).rejects.toMatchObject({ code: "shopify-unreachable" });
    expect(await tablesWith(customerId)).toEqual(["public.webhook_inbox"]);
    const open =
      "select topic from webhook_inbox where shop = $1 and handled_at is null and topic like 'customers/%'";
    expect((await pool.query(open, [shop])).rows).toEqual([{ topic: "customers/redact" }]);
    await pool.query("update webhook_inbox set received_at = now() - interval '4 days'");
    await runPrivacy(shop);
    expect(await tablesWith(customerId)).toEqual([]);
    fake.reset();
  });

  it("is enqueued again while those tasks run", async () => {
    await ask("customers/redact", about);
    await workUnderWay("writeback.push");
    await pool.query(
      "update webhook_inbox set received_at = now() - interval '1 minute' where topic = 'customers/redact'",
    );
    await expect(runPrivacy(shop, AbortSignal.timeout(1_000))).rejects.toThrow();
    await pool.query("delete from pgboss.job where name = 'privacy.handle'");
    await enqueuePrivacyRequests();
    expect(await waitingJobs()).toEqual(["privacy.handle"]);
  });

  it("persists when the customer's order arrives again", async () => {
    await ask("customers/redact", about);
    await runPrivacy(shop);
    const order = {
      orderId: "77",
      processedAt: "2026-11-20T10:00:00Z",
      updatedAt: "2026-11-22T10:00:00Z",
      day: 20_777,
      amountMinor: 1_000,
      financialStatus: "PAID",
      cancelledAt: null,
      test: false,
      channel: "web",
      tags: [],
      exclusionReason: null,
    };
    const orders = [
      { ...order, customerId },
      { ...order, orderId: "78", customerId: "12" },
    ];
    await inTransaction((client) =>
      storeOrders(client, shop, { orders: orderRows(shop, orders), seenAt: new Date() }),
    );
    const { rows } = await pool.query(
      "select order_id, customer_id from orders where shop = $1 and order_id in ('77', '78') order by 1",
      [shop],
    );
    expect(rows).toEqual([
      { order_id: "77", customer_id: null },
      { order_id: "78", customer_id: "12" },
    ]);
  });
});
