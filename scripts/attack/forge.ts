import { createHmac, randomUUID } from "node:crypto";

import type { Site } from "../stack/admin-api.ts";

/** Shopify's library treats Node's own user agent as a bot. */
export const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

export type Forging = {
  /** Claims to override; `undefined` omits one. */
  claims?: Record<string, unknown>;
  secret?: string;
  algorithm?: string;
};

/** A session token as App Bridge sends it, except for forged parts. */
export function sessionToken(site: Site, { claims, secret, algorithm }: Forging = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const header = encode({ alg: algorithm ?? "HS256", typ: "JWT" });
  const dest = `https://${site.domain}`;
  const body = encode({
    ...{ iss: `${dest}/admin`, dest, aud: site.apiKey, sub: "1", sid: "1", jti: randomUUID() },
    ...{ exp: now + 60, nbf: now - 5, iat: now - 5 },
    ...claims,
  });
  if (algorithm === "none") return `${header}.${body}.`;
  const signature = createHmac("sha256", secret ?? site.apiSecret).update(`${header}.${body}`);
  return `${header}.${body}.${signature.digest("base64url")}`;
}

/** The query with which Shopify opens the app in its frame. */
export function launch(site: Site, changes: Record<string, string> = {}): string {
  const host = Buffer.from(`admin.shopify.com/store/${site.shop}`).toString("base64");
  const query = { embedded: "1", shop: site.domain, host: host.replace(/=+$/, ""), locale: "en" };
  const token = { id_token: sessionToken(site) };
  return new URLSearchParams({ ...query, ...token, ...changes }).toString();
}

export type Webhook = {
  shop: string;
  topic: string;
  /** The exact signed text. */
  body: string | Buffer;
  headers?: Record<string, string>;
};

/** The headers of a webhook with Shopify's signature of the body; the other headers are unsigned. */
export function webhookHeaders(site: Site, { shop, topic, body, headers }: Webhook) {
  return {
    "content-type": "application/json",
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": shop,
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-event-id": randomUUID(),
    "x-shopify-triggered-at": new Date().toISOString(),
    "x-shopify-hmac-sha256": createHmac("sha256", site.apiSecret).update(body).digest("base64"),
    ...headers,
  };
}
