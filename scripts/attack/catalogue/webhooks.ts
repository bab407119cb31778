import { createHmac } from "node:crypto";

import { type Check, differs, MARKER, unless } from "../check.ts";
import { webhookHeaders } from "../forge.ts";
import { send } from "../send.ts";
import { deliver, type Stage } from "../stage.ts";

const body = JSON.stringify({ admin_graphql_api_id: "gid://shopify/Order/1" });

async function inbox({ rows }: Stage): Promise<number> {
  return (await rows("select 1 from webhook_inbox")).length;
}

async function forged(stage: Stage): Promise<string[]> {
  const { own, victim } = stage;
  const before = await inbox(stage);
  const sign = (secret: string, text: string) => createHmac("sha256", secret).update(text);
  const signatures: Record<string, string> = {
    "another secret": sign("simulated-other", body).digest("base64"),
    "another body": sign(own.apiSecret, `${body} `).digest("base64"),
    "in hex": sign(own.apiSecret, body).digest("hex"),
    "cut short": sign(own.apiSecret, body).digest("base64").slice(0, 20),
    empty: "",
    garbage: "%00",
    long: "A".repeat(10_000),
  };
  const routes = [
    "orders",
    "customers",
    "shop",
    "privacy",
    "app/uninstalled",
    "bulk_operations/finish",
  ];
  const found = await Promise.all(
    Object.entries(signatures).flatMap(([what, signature]) =>
      routes.map(async (route) => {
        const headers = {
          ...webhookHeaders(own, { shop: victim.domain, topic: "shop/redact", body }),
          "x-shopify-hmac-sha256": signature,
        };
        const sent = await send(own.appUrl, `/webhooks/${route}`, {
          method: "POST",
          headers,
          body,
        });
        return unless([400, 401], `a signature (${what}) at ${route}`, sent);
      }),
    ),
  );
  return [...found.flat(), ...differs("webhooks kept", await inbox(stage), before)];
}

const gid = (id: string) => JSON.stringify({ admin_graphql_api_id: `gid://shopify/Order/${id}` });
const updated = (at: string) =>
  JSON.stringify({ admin_graphql_api_id: "gid://shopify/Order/1", updated_at: at });

/** Signed, but not a body that Shopify sends. */
const BODIES: Record<string, string | Buffer> = {
  "NUL in an id": gid("1\0"),
  "an id of 6,000 digits": gid("1".repeat(6_000)),
  "an id of 900 kB": gid("1".repeat(900_000)),
  "an id of a megabyte": gid("1".repeat(1_000_000)),
  "an id that is none": gid(MARKER),
  "the year 0": updated("0000-01-01T00:00:00Z"),
  "a time that is none": updated("garbage"),
  "month 13": updated("2026-13-01T00:00:00Z"),
  "100,000 brackets": "[".repeat(100_000),
  "no JSON": `{"email":"${MARKER}"`,
  "no object": "7",
  null: "null",
  "an empty body": "",
  "no UTF-8": Buffer.from([0xff, 0xfe, 0x00]),
  "its own prototype": '{"__proto__":{"admin_graphql_api_id":"gid://shopify/Order/1"}}',
};

async function bodies(stage: Stage): Promise<string[]> {
  const { own } = stage;
  const found = await Promise.all(
    Object.entries(BODIES).map(async ([what, odd]) => {
      const webhook = { shop: own.domain, topic: "orders/updated", body: odd };
      const sent = await deliver(own, "/webhooks/orders", webhook);
      return unless([400, 401, 413], what, sent);
    }),
  );
  return found.flat();
}

async function headers(stage: Stage): Promise<string[]> {
  const { own } = stage;
  const odd: Record<string, string>[] = [
    ...["garbage", "0000-01-01T00:00:00Z", "9999999-01-01", "1".repeat(6_000)].map((at) => {
      return { "x-shopify-triggered-at": at };
    }),
    ...["1".repeat(6_000), "' or 1=1 --", MARKER].map((id) => ({ "x-shopify-webhook-id": id })),
    ...["evil.example", "x".repeat(6_000), "GENERATED-1.myshopify.com"].map((shop) => {
      return { "x-shopify-shop-domain": shop };
    }),
    ...["orders/none", "x".repeat(6_000), "__proto__"].map((topic) => ({
      "x-shopify-topic": topic,
    })),
  ];
  const found = await Promise.all(
    odd.map(async (headers) => {
      const webhook = { shop: own.domain, topic: "orders/updated", body, headers };
      const sent = await deliver(own, "/webhooks/orders", webhook);
      // Ids and times in headers only avoid work: a webhook can omit them.
      return unless([200, 400, 401], JSON.stringify(headers).slice(0, 60), sent);
    }),
  );
  return found.flat();
}

export const webhooks: Check[] = [
  { holds: "webhooks without Shopify's signature are refused and not stored", run: forged },
  { holds: "signed bodies in a wrong format are refused without an error", run: bodies },
  { holds: "unusual headers with a signed body do not cause errors", run: headers },
];
