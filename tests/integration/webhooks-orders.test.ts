import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueueUnreadWebhooks } from "#app/orders/webhooks/unread-webhooks.server.ts";
import { enqueue, startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { action } from "../../app/routes/webhooks.orders.ts";
import { type Delivery, delivery } from "../setup/webhook.ts";

const shop = shopDomain("one.myshopify.com");
const created = {
  admin_graphql_api_id: "gid://shopify/Order/820982911946154508",
  updated_at: "2026-11-21T10:00:00-05:00",
};

async function deliver(part: Partial<Delivery> = {}): Promise<number> {
  const response = await action(delivery({ shop, topic: "orders/create", body: created, ...part }));
  return response.status;
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await pool.query(sql)).rows;
}

const jobs = () => rows("select * from pgboss.job order by created_on");

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await pool.query("truncate webhook_inbox, shops");
  await pool.query("delete from pgboss.job");
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("a webhook about an order", () => {
  it("is stored as ids and times, and its task enqueued, before it is answered", async () => {
    const body = { ...created, email: "jane@example.com", customer: { first_name: "Jane" } };
    expect(await deliver({ body })).toBe(200);
    const [kept] = await rows("select * from webhook_inbox");
    expect(kept).toMatchObject({
      shop,
      topic: "orders/create",
      resource_id: "820982911946154508",
      resource_updated_at: new Date("2026-11-21T15:00:00Z"),
      handled_at: null,
    });
    expect(JSON.stringify(kept)).not.toMatch(/jane/i);
    expect(await jobs()).toMatchObject([{ name: "orders.follow", data: { shop } }]);
  });

  it("creates the same job as pg-boss", async () => {
    await deliver();
    const ours = await jobs();
    await pool.query("delete from pgboss.job");
    await enqueue("orders.follow", { shop });
    const comparable = (row: Record<string, unknown> = {}) => ({
      ...row,
      ...{ id: 0, created_on: 0, start_after: 0, keep_until: 0 },
    });
    expect(comparable(ours[0])).toEqual(comparable((await jobs())[0]));
    const keeps = (row: Record<string, unknown> = {}) =>
      Number(row.keep_until) - Number(row.created_on);
    expect(keeps(ours[0])).toBeCloseTo(keeps((await jobs())[0]), -3);
  });

  it("is refused with 401 when the signature is wrong, and nothing is stored", async () => {
    expect(await deliver({ secret: "simulated-other" })).toBe(401);
    expect(await rows("select * from webhook_inbox")).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it("is refused with 400 when it is signed but about no order", async () => {
    expect(await deliver({ body: { id: 1 } })).toBe(400);
    expect(await deliver({ topic: "products/update", body: created })).toBe(400);
    expect(await jobs()).toEqual([]);
  });

  it("is stored once however often it arrives, and is not processed again", async () => {
    await deliver();
    await pool.query("delete from pgboss.job");
    expect(await deliver()).toBe(200);
    expect(await rows("select * from webhook_inbox")).toHaveLength(1);
    expect(await jobs()).toEqual([]);
  });

  it("shares one job with all others that arrive before it starts", async () => {
    const ids = Array.from({ length: 30 }, (_, number) => `w${String(number)}`);
    await Promise.all(ids.map((webhookId) => deliver({ webhookId })));
    expect(await rows("select * from webhook_inbox")).toHaveLength(30);
    expect(await jobs()).toHaveLength(1);
  });

  it("keeps every digit of an order's number", async () => {
    const number = "820982911946154507";
    await deliver({ topic: "orders/delete", body: `{"id":${number}}`, webhookId: "w1" });
    await deliver({ topic: "refunds/create", body: `{"order_id":${number}}`, webhookId: "w2" });
    const edit = `{"order_edit":{"order_id":${number}}}`;
    await deliver({ topic: "orders/edited", body: edit, webhookId: "w3" });
    expect(await rows("select distinct resource_id from webhook_inbox")).toEqual([
      { resource_id: number },
    ]);
  });

  it("is enqueued again when its job is lost", async () => {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'One', 'EUR', 'UTC', true)`,
      [shop],
    );
    await deliver();
    await pool.query("delete from pgboss.job");
    await enqueueUnreadWebhooks();
    expect(await jobs()).toEqual([]);
    await pool.query("update webhook_inbox set received_at = now() - interval '1 minute'");
    await enqueueUnreadWebhooks();
    await enqueueUnreadWebhooks();
    expect(await jobs()).toHaveLength(1);
  });
});
