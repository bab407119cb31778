import { createHmac } from "node:crypto";

import { afterEach, describe, expect, it, vi } from "vitest";

import { shopActions } from "#simulator/shop-actions.ts";
import { deliverWebhooks } from "#simulator/webhooks/deliver.ts";
import {
  onlyFields,
  parseSubscriptions,
  type Subscription,
} from "#simulator/webhooks/subscriptions.ts";
import { ask } from "#tests/simulator/ask.ts";
import { listeningApp, until } from "#tests/simulator/http.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const config = `
[webhooks]
api_version = "2026-10"

[[webhooks.subscriptions]]
topics = ["orders/create", "refunds/create"]
uri = "/webhooks/orders"
include_fields = ["admin_graphql_api_id", "customer.admin_graphql_api_id", "financial_status"]

[[webhooks.subscriptions]]
topics = ["customer.tags_added"]
uri = "/webhooks/customers"
name = "tags"

[[webhooks.subscriptions]]
compliance_topics = ["customers/redact"]
uri = "/webhooks/privacy"
`;

let close: () => Promise<void> = () => Promise.resolve();
afterEach(() => close());

async function installed(
  subscriptions: readonly Subscription[],
  answers?: (count: number) => number,
) {
  const app = await listeningApp(answers);
  close = app.close;
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  store.app.url = app.url;
  const shop = shopOf({ customers: [customer("7")], orders: [], store });
  shop.installed = true;
  deliverWebhooks(store, subscriptions);
  const order = () => shopActions(store).placeOrder(shop, { customerId: "7", amountMinor: 1250 });
  return { app, store, shop, order };
}

const all = parseSubscriptions(config);
const created: Subscription[] = [
  { topic: "orders/create", uri: "/webhooks/orders", includeFields: undefined, name: undefined },
];

describe("the app's configuration", () => {
  it("has one subscription for each topic, including compliance topics", () => {
    expect(all.map(({ topic, uri }) => [topic, uri])).toEqual([
      ["orders/create", "/webhooks/orders"],
      ["refunds/create", "/webhooks/orders"],
      ["customer.tags_added", "/webhooks/customers"],
      ["customers/redact", "/webhooks/privacy"],
    ]);
  });

  it("keeps complete bodies for the privacy topics, and where no fields are named", () => {
    const toml = (kind: string, topic: string, fields: string) =>
      `[[webhooks.subscriptions]]\n${kind} = ["${topic}"]\nuri = "/w"\ninclude_fields = ${fields}\n`;
    const read = parseSubscriptions(
      toml("compliance_topics", "shop/redact", '["shop_id"]') +
        toml("topics", "shop/update", "[]") +
        toml("topics", "orders/delete", '["id"]'),
    );
    expect(read.map(({ includeFields }) => includeFields)).toEqual([undefined, undefined, ["id"]]);
  });

  it("keeps nested members that are named with their path, in lists too", () => {
    const body = {
      id: 1,
      customer: { id: 2, email: "a@example.com" },
      refunds: [{ id: 3, note: null }],
    };
    expect(onlyFields(body, ["customer.id", "refunds.id"])).toEqual({
      customer: { id: 2 },
      refunds: [{ id: 3 }],
    });
  });
});

describe("a webhook", () => {
  it("is signed over its exact bytes and has the documented headers", async () => {
    const { app, store, order } = await installed(all);
    const placed = order();
    await until(() => app.received.length === 1);
    const [{ headers, text, path }] = app.received as [(typeof app.received)[number]];
    expect(path).toBe("/webhooks/orders");
    expect(JSON.parse(text)).toEqual({
      admin_graphql_api_id: `gid://shopify/Order/${placed.id}`,
      customer: { admin_graphql_api_id: "gid://shopify/Customer/7" },
      financial_status: "paid",
    });
    const hmac = createHmac("sha256", store.app.apiSecret).update(text).digest("base64");
    expect(headers).toMatchObject({
      "x-shopify-topic": "orders/create",
      "x-shopify-hmac-sha256": hmac,
      "x-shopify-shop-domain": "sample.myshopify.com",
      "x-shopify-api-version": "2026-10",
      "x-shopify-triggered-at": "2026-11-21T12:00:00.000Z",
    });
    expect(headers["x-shopify-webhook-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("has the format of a REST order, and its customer has no tags, totals or consent", async () => {
    const { app, order } = await installed(created);
    order();
    await until(() => app.received.length === 1);
    const body = JSON.parse(app.received[0]!.text) as Record<string, unknown>;
    expect(body).toMatchObject({
      name: "#1001",
      currency: "GBP",
      financial_status: "paid",
      current_total_price: "12.50",
      current_total_price_set: { shop_money: { amount: "12.50", currency_code: "GBP" } },
      tags: "",
      test: false,
      refunds: [],
    });
    for (const gone of ["tags", "orders_count", "total_spent", "email_marketing_consent"]) {
      expect(body.customer).not.toHaveProperty(gone);
    }
  });

  it("is sent when the API adds a tag, and only for new tags", async () => {
    const { app, store, shop } = await installed(all);
    const add = `mutation { tagsAdd(id: "gid://shopify/Customer/7", tags: ["clv:high"]) { node { id } } }`;
    await ask({ store, shop }, add);
    await ask({ store, shop }, add);
    await until(() => app.received.length === 1);
    expect(JSON.parse(app.received[0]!.text)).toMatchObject({
      customerId: "gid://shopify/Customer/7",
      tags: ["clv:high"],
    });
    expect(app.received[0]!.headers["x-shopify-name"]).toBe("tags");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.received.length).toBe(1);
  });

  it("is retried eight times over four hours, with the same id and body", async () => {
    const { app, store, order } = await installed(created, () => 500);
    order();
    await until(() => {
      store.clock.advance(4 * 3600 * 1000);
      return app.received.length === 9;
    });
    store.clock.advance(24 * 3600 * 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.received.length).toBe(9);
    expect(new Set(app.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(
      1,
    );
    expect(new Set(app.received.map(({ text }) => text)).size).toBe(1);
  });

  it("is not retried too early, nor after it was accepted", async () => {
    const { app, store, order } = await installed(created, (count) => (count === 1 ? 302 : 200));
    const schedule = vi.spyOn(store.clock, "schedule");
    order();
    await until(() => schedule.mock.calls.length === 1);
    store.clock.advance(50_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(app.received.length).toBe(1);
    store.clock.advance(10_000);
    await until(() => app.received.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  it("is dropped, duplicated, delayed or reordered when that fault is set", async () => {
    const { app, store, order } = await installed(created);
    const ids = () => app.received.map(({ text }) => (JSON.parse(text) as { name: string }).name);
    const { faults } = store;
    faults.plan({ dropWebhook: { count: 1 } });
    order();
    faults.plan({ duplicateWebhook: { count: 1 } });
    order();
    await until(() => app.received.length === 2);
    expect(ids()).toEqual(["#1002", "#1002"]);
    faults.plan({ delayWebhook: { count: 1, milliseconds: 60_000 } });
    order();
    faults.plan({ reorderWebhook: { count: 2 } });
    order();
    order();
    await until(() => app.received.length === 4);
    expect(ids().slice(2).sort()).toEqual(["#1004", "#1005"]);
    store.clock.advance(60_000);
    await until(() => app.received.length === 5);
    expect(ids().at(-1)).toBe("#1003");
  });

  it("is held back by probability until there are several, or some time has passed", async () => {
    const { app, store, order } = await installed(created);
    store.faults.plan({ reorderWebhook: { rate: 1 } });
    for (let placed = 0; placed < 5; placed += 1) order();
    await until(() => app.received.length === 5);
    order();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(app.received.length).toBe(5);
    store.clock.advance(60_000);
    await until(() => app.received.length === 6);
    expect(store.faults.kinds.reorderWebhook.fired).toBe(6);
  });
});
