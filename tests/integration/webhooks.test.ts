import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { wasAnnounced } from "#app/shopify/bulk/await-operation.server.ts";

import { action as uninstalled } from "../../app/routes/webhooks.app.uninstalled.ts";
import { action as finish } from "../../app/routes/webhooks.bulk_operations.finish.ts";
import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { type Delivery, delivery as signed, requestBody } from "../setup/webhook.ts";

const shop = shopDomain("one.myshopify.com");

const delivery = (part: Omit<Delivery, "shop">) => signed({ shop, ...part });

async function count(table: string): Promise<number> {
  return (await pool.query(`select 1 from ${table}`)).rowCount ?? 0;
}

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await pool.query("truncate webhook_inbox, shops, sessions");
  await pool.query("delete from pgboss.job");
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("the webhook for the end of a bulk operation", () => {
  const body = { admin_graphql_api_id: "gid://shopify/BulkOperation/7", status: "completed" };

  it("is stored once, however often it is delivered", async () => {
    for (let time = 0; time < 3; time += 1) {
      const response = await finish(delivery({ topic: "bulk_operations/finish", body }));
      expect(response.status).toBe(200);
    }
    expect(await count("webhook_inbox")).toBe(1);
    expect(await wasAnnounced(shop, "gid://shopify/BulkOperation/7")).toBe(true);
    expect(await wasAnnounced(shop, "gid://shopify/BulkOperation/8")).toBe(false);
  });

  it("is refused with 401 when the signature is wrong, and nothing is stored", async () => {
    const forged = delivery({ topic: "bulk_operations/finish", body, secret: "simulated-other" });
    expect((await finish(forged)).status).toBe(401);
    expect(await count("webhook_inbox")).toBe(0);
  });

  it("is refused with 400 when it is signed but not a webhook", async () => {
    const odd = delivery({ topic: "bulk_operations/finish", body: { status: "completed" } });
    expect((await finish(odd)).status).toBe(400);
  });
});

describe("the webhook for the end of an installation", () => {
  it("is stored and verified, and ends nothing by itself", async () => {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'One', 'EUR', 'UTC', true)`,
      [shop],
    );
    const body = requestBody.uninstalled({ shop });
    expect((await uninstalled(delivery({ topic: "app/uninstalled", body }))).status).toBe(200);
    expect(await count("shops where uninstalled_at is null")).toBe(1);
    expect(await count("pgboss.job where name = 'shop.departure'")).toBe(1);
    expect(await count("webhook_inbox where handled_at is null and resource_id = '1'")).toBe(1);
  });
});

describe("a webhook's headers", () => {
  const body = requestBody.uninstalled({ shop });

  it.each([
    ["x-shopify-shop-domain", "one.example.com"],
    ["x-shopify-shop-domain", `${"a".repeat(6_000)}.myshopify.com`],
    ["x-shopify-webhook-id", "w".repeat(6_000)],
    ["x-shopify-webhook-id", "with a space"],
    ["x-shopify-triggered-at", "garbage"],
    ["x-shopify-triggered-at", "0000-01-01T00:00:00Z"],
    ["x-shopify-triggered-at", "2026-02-30T25:00:00Z"],
    ["x-shopify-topic", "made/up"],
  ])("are refused with 400 where they cannot be stored: %s", async (header, value) => {
    const webhook = delivery({ topic: "app/uninstalled", body });
    webhook.request.headers.set(header, value);
    const response = await uninstalled(webhook);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toBe("");
    expect(await count("webhook_inbox")).toBe(0);
  });

  it("may have times as Shopify writes them, or none", async () => {
    const times = ["2026-07-10T16:15:47.000000Z", "2026-07-10T16:15:47-04:00", null];
    for (const [index, time] of times.entries()) {
      const webhook = delivery({ topic: "app/uninstalled", body, webhookId: String(index) });
      if (time === null) webhook.request.headers.delete("x-shopify-triggered-at");
      else webhook.request.headers.set("x-shopify-triggered-at", time);
      expect((await uninstalled(webhook)).status).toBe(200);
    }
    expect(await count("webhook_inbox")).toBe(3);
  });
});

describe("the privacy webhooks", () => {
  it("keep ids that are too large for a number exactly", async () => {
    const body = requestBody.redactCustomer({ shop, customerId: "820982911946154508" });
    await privacy(delivery({ topic: "customers/redact", body }));
    const kept = await pool.query("select resource_id from webhook_inbox");
    expect(kept.rows).toEqual([{ resource_id: "820982911946154508" }]);
  });

  it("are answered and stored without personal data", async () => {
    const about = { shop, customerId: "191167" };
    const bodies = {
      "customers/data_request": requestBody.requestData(about),
      "customers/redact": requestBody.redactCustomer(about),
      "shop/redact": requestBody.redactShop(about),
    };
    for (const [topic, body] of Object.entries(bodies)) {
      expect((await privacy(delivery({ topic, body, webhookId: topic }))).status).toBe(200);
    }
    const kept = await pool.query("select * from webhook_inbox order by topic");
    expect(kept.rows.map((row) => [row.topic, row.resource_id])).toEqual([
      ["customers/data_request", "191167"],
      ["customers/redact", "191167"],
      ["shop/redact", "1"],
    ]);
    expect(JSON.stringify(kept.rows)).not.toContain("jane");
    expect(await count("pgboss.job where name = 'privacy.handle'")).toBe(1);
  });

  it("are refused when they name no customer, or are of another topic", async () => {
    const status = async (topic: string, body: unknown) =>
      (await privacy(delivery({ topic, body }))).status;
    const whole = JSON.parse(requestBody.redactCustomer({ shop })) as Record<string, unknown>;
    const named = { ...whole, customer: { id: "jane@example.com" } };
    const nameless = { ...whole, shop_domain: undefined };
    expect(await status("customers/redact", { ...whole, customer: undefined })).toBe(400);
    expect(await status("customers/redact", named)).toBe(400);
    expect(await status("customers/redact", nameless)).toBe(400);
    expect(await status("orders/create", whole)).toBe(400);
    for (const odd of ["[]", "null", '"text"', "{", ""]) {
      expect(await status("customers/redact", odd)).toBe(400);
    }
    expect(await count("webhook_inbox")).toBe(0);
  });
});
