import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/db.server.ts";
import { shopDomain } from "#app/ids.ts";
import { enqueue, startQueue, stopQueue } from "#app/jobs/queue.server.ts";
import { wasAnnounced } from "#app/shopify/bulk-finish.server.ts";

import { action as finish } from "../../app/routes/webhooks.bulk_operations.finish.ts";
import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { action as uninstalled } from "../../app/routes/webhooks.app.uninstalled.ts";
import { delivery as signed, type Delivery } from "../setup/webhook.ts";

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

  it("is refused with 400 when it is signed but no webhook", async () => {
    const odd = delivery({ topic: "bulk_operations/finish", body: { status: "completed" } });
    expect((await finish(odd)).status).toBe(400);
  });
});

describe("the webhook for the end of an installation", () => {
  const install = async (installedAt: string) => {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history,
         installed_at, writing_agreed_at)
       values ($1, '1', 'One', 'EUR', 'UTC', true, $2, $2)`,
      [shop, installedAt],
    );
    await pool.query(
      "insert into sessions (id, shop, state, access_token) values ($1, $2, '', 'token')",
      [`offline_${shop}`, shop],
    );
  };

  it("forgets the tokens and the agreement, and marks the shop", async () => {
    await install("2026-01-01T00:00:00Z");
    await uninstalled(delivery({ topic: "app/uninstalled", body: { id: 1 } }));
    expect(await count("sessions")).toBe(0);
    expect(
      await count("shops where uninstalled_at is not null and writing_agreed_at is null"),
    ).toBe(1);
  });

  it("calls off the shop's waiting work, but not what is owed to its customers", async () => {
    await install("2026-01-01T00:00:00Z");
    const other = shopDomain("other.myshopify.com");
    await enqueue("scoring.run", { shop });
    await enqueue("scoring.run", { shop: other });
    await privacy(
      delivery({ topic: "customers/redact", body: { customer: { id: 7 } }, webhookId: "owed" }),
    );
    await uninstalled(delivery({ topic: "app/uninstalled", body: { id: 1 } }));
    const left = await pool.query("select name, data from pgboss.job order by name");
    expect(left.rows).toEqual([
      { name: "privacy.handle", data: { shop } },
      { name: "scoring.run", data: { shop: other } },
    ]);
  });

  it("does nothing to a newer installation when it comes late", async () => {
    await install(new Date(Date.now() + 60_000).toISOString());
    await uninstalled(delivery({ topic: "app/uninstalled", body: { id: 1 } }));
    expect(await count("sessions")).toBe(1);
    expect(
      await count("shops where uninstalled_at is null and writing_agreed_at is not null"),
    ).toBe(1);
  });
});

describe("the privacy webhooks", () => {
  it("keep ids that are too large for a number exactly", async () => {
    const body = '{"customer":{"id":820982911946154508}}';
    await privacy(delivery({ topic: "customers/redact", body }));
    const kept = await pool.query("select resource_id from webhook_inbox");
    expect(kept.rows).toEqual([{ resource_id: "820982911946154508" }]);
  });

  it("are answered and kept without anything that names a person", async () => {
    const customer = { id: 191_167, email: "jane@example.com", phone: "555-0100" };
    const topics = { "customers/data_request": customer, "customers/redact": customer };
    for (const [topic, person] of Object.entries(topics)) {
      const body = { shop_id: 1, shop_domain: shop, customer: person, orders_to_redact: [1] };
      expect((await privacy(delivery({ topic, body, webhookId: topic }))).status).toBe(200);
    }
    const ended = { topic: "shop/redact", body: { shop_id: 1 }, webhookId: "end" };
    expect((await privacy(delivery(ended))).status).toBe(200);
    const kept = await pool.query("select * from webhook_inbox order by topic");
    expect(kept.rows.map((row) => [row.topic, row.resource_id])).toEqual([
      ["customers/data_request", "191167"],
      ["customers/redact", "191167"],
      ["shop/redact", null],
    ]);
    expect(JSON.stringify(kept.rows)).not.toContain("jane");
    expect(await count("pgboss.job where name = 'privacy.handle'")).toBe(1);
  });

  it("are refused when they name no customer, or are of another topic", async () => {
    const status = async (topic: string, body: unknown) =>
      (await privacy(delivery({ topic, body }))).status;
    expect(await status("customers/redact", { shop_id: 1 })).toBe(400);
    expect(await status("customers/redact", { customer: { id: "jane@example.com" } })).toBe(400);
    expect(await status("orders/create", { customer: { id: 7 } })).toBe(400);
    expect(await count("webhook_inbox")).toBe(0);
  });
});
