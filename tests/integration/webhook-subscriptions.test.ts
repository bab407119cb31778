import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import type { ActionFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { customerTopics, orderTopics, shopTopics } from "#app/orders/webhooks/webhook-payload.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { onlyFields, parseSubscriptions } from "#simulator/webhooks/subscriptions.ts";

import { delivery } from "../setup/webhook.ts";

const shop = shopDomain("one.myshopify.com");
const root = path.resolve(import.meta.dirname, "../..");
const toml = readFileSync(path.join(root, "shopify.app.toml"), "utf8");
const subscriptions = parseSubscriptions(toml);

/** Placeholder for an id that is too large for a JavaScript number; replaced in the body's text. */
const SMALL = 820_982_911;
const LARGE = "820982911946154507";
const OTHER = "706405506930370085";

const person = {
  ...{ email: "jane@example.com", phone: "555-0100", first_name: "Jane", last_name: "Doe" },
  ...{ name: "Jane Doe", address1: "1 Rue de la Paix", note: "Jane", shop_owner: "Jane Doe" },
  default_address: { name: "Jane Doe", zip: "37178" },
};
const gid = (type: string) => `gid://shopify/${type}/${String(SMALL)}`;
const order = {
  ...person,
  id: SMALL,
  admin_graphql_api_id: gid("Order"),
  updated_at: "2026-11-21T10:00:00-05:00",
  customer: { ...person, id: SMALL },
};
const privacy = { shop_id: SMALL, shop_domain: shop, customer: { ...person, id: SMALL } };

/** Bodies in Shopify's documented shapes, each with personal data. */
const bodies: Record<string, object> = {
  "orders/create": order,
  "orders/updated": order,
  "orders/paid": order,
  "orders/cancelled": order,
  "orders/edited": { order_edit: { id: 1, order_id: SMALL, staff_note: "Jane" } },
  "orders/delete": { id: SMALL },
  "refunds/create": { ...person, id: 1, order_id: SMALL },
  "customers/delete": { ...person, id: SMALL, admin_graphql_api_id: gid("Customer") },
  "customers/merge": {
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${OTHER}`,
    admin_graphql_api_customer_deleted_id: gid("Customer"),
    admin_graphql_api_job_id: null,
    status: "completed",
    errors: [{ customer_ids: [SMALL], message: "Jane Doe is currently being merged." }],
  },
  "shop/update": { ...person, id: SMALL, updated_at: "2026-11-21T10:00:00-05:00" },
  "app/scopes_update": { id: SMALL, shop_id: gid("Shop"), current: [], updated_at: "2026-11-21" },
  "bulk_operations/finish": { admin_graphql_api_id: gid("BulkOperation"), status: "completed" },
  "app/uninstalled": { ...person, id: SMALL, myshopify_domain: shop },
  "customers/data_request": { ...privacy, orders_requested: [SMALL], data_request: { id: SMALL } },
  "customers/redact": { ...privacy, orders_to_redact: [SMALL] },
  "shop/redact": { shop_id: SMALL, shop_domain: shop },
};

type Route = { action: (args: ActionFunctionArgs) => Promise<Response> };

const fileOf = (uri: string) => `app/routes/${uri.slice(1).replaceAll("/", ".")}.ts`;

/** The inbox row after a delivery of the topic, according to its subscription. */
async function deliver(topic: string, uri: string, fields: string[] | undefined) {
  const whole = bodies[topic];
  const sent = fields === undefined ? whole : onlyFields(whole, fields);
  const body = JSON.stringify(sent).replaceAll(String(SMALL), LARGE);
  const route = (await import(path.join(root, fileOf(uri)))) as Route;
  const response = await route.action(delivery({ shop, topic, body, webhookId: topic }));
  const kept = await pool.query<Record<string, unknown>>("select * from webhook_inbox");
  return { status: response.status, body, kept: kept.rows };
}

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await pool.query("truncate webhook_inbox, shops");
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("each subscription in shopify.app.toml", () => {
  it.each(subscriptions)("$topic has the route named beside it", ({ uri }) => {
    const file = fileOf(uri);
    expect(existsSync(path.join(root, file))).toBe(true);
    const named = toml.split("# Handled by: ").filter((text) => text.includes(`"${uri}"`));
    expect(new Set(named.map((text) => text.split("\n")[0]))).toEqual(new Set([`/${file}`]));
  });

  it.each(subscriptions)(
    "$topic is accepted by its route, with every digit of its ids and no personal data",
    async ({ topic, uri, includeFields }) => {
      const { status, body, kept } = await deliver(topic, uri, includeFields);
      expect(status).toBe(200);
      expect(kept).toMatchObject([{ topic, shop }]);
      const [entry] = kept;
      const id = String(entry?.resource_id ?? "").replace(/^gid:.*\//, "");
      expect(id).toBe(shopTopics.some((one) => one === topic) ? "" : LARGE);
      expect(JSON.stringify(kept)).not.toMatch(/jane|rue de|37178|0100/i);
      // Shopify sends the privacy topics in full; their fields cannot be chosen.
      if (includeFields !== undefined) expect(body).not.toMatch(/jane|rue de|37178|0100/i);
    },
  );

  it("stores into whom a customer was merged", async () => {
    const { kept } = await deliver("customers/merge", "/webhooks/customers", undefined);
    expect(kept).toMatchObject([{ resource_id: LARGE, related_id: OTHER }]);
  });
});

describe("the subscriptions together", () => {
  const topicsOf = (uri: string) =>
    subscriptions.flatMap((one) => (one.uri === uri ? [one.topic] : [])).sort();

  it("are to every topic that the app knows, and to no others", () => {
    expect(topicsOf("/webhooks/orders")).toEqual([...orderTopics].sort());
    expect(topicsOf("/webhooks/customers")).toEqual([...customerTopics].sort());
    expect(topicsOf("/webhooks/shop")).toEqual([...shopTopics].sort());
    expect(subscriptions.map(({ topic }) => topic).sort()).toEqual(Object.keys(bodies).sort());
  });

  it("leave out topics that our own tags and metafields would trigger", () => {
    const topics = subscriptions.map(({ topic }) => topic);
    expect(topics.filter((topic) => /^customers\/(create|update)|^customer\./.test(topic))).toEqual(
      [],
    );
  });

  it("name the fields of every webhook that is not about privacy", () => {
    const whole = subscriptions.filter(({ includeFields }) => includeFields === undefined);
    expect(whole.map(({ topic }) => topic).sort()).toEqual([
      "customers/data_request",
      "customers/redact",
      "shop/redact",
    ]);
  });
});
