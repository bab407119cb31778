import { createHmac } from "node:crypto";

export type Delivery = {
  shop: string;
  topic: string;
  /** A string is sent unchanged: some ids are too large for a number. */
  body: unknown;
  secret?: string;
  webhookId?: string;
};

type About = { shop: string; shopId?: number; customerId?: string };

/** The bodies of irreversible requests, in Shopify's format. */
export const requestBody = {
  /** With the fields of our subscription's include_fields. */
  uninstalled: ({ shop, shopId = 1 }: About) =>
    JSON.stringify({ id: shopId, myshopify_domain: shop }),
  redactShop: ({ shop, shopId = 1 }: About) =>
    JSON.stringify({ shop_id: shopId, shop_domain: shop }),
  redactCustomer: ({ shop, shopId = 1, customerId = "7" }: About) =>
    `{"shop_id":${shopId},"shop_domain":"${shop}","customer":{"id":${customerId},` +
    `"email":"jane@example.com","phone":"555-0100"},"orders_to_redact":[1]}`,
  requestData: ({ shop, shopId = 1, customerId = "7" }: About) =>
    `{"shop_id":${shopId},"shop_domain":"${shop}","customer":{"id":${customerId},` +
    `"email":"jane@example.com","phone":"555-0100"},"orders_requested":[1],"data_request":{"id":9}}`,
};

/** The arguments of a route's action when Shopify delivers a webhook. */
export function delivery({ shop, topic, body, ...rest }: Delivery) {
  const { secret = "simulated-secret", webhookId = "w1" } = rest;
  const raw = typeof body === "string" ? body : JSON.stringify(body);
  return {
    params: {},
    context: {},
    request: new Request("http://127.0.0.1:3100/webhooks", {
      method: "POST",
      body: raw,
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": shop,
        "x-shopify-api-version": "2026-10",
        "x-shopify-webhook-id": webhookId,
        "x-shopify-triggered-at": new Date().toISOString(),
        "x-shopify-hmac-sha256": createHmac("sha256", secret).update(raw).digest("base64"),
      },
    }),
  };
}
