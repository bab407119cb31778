import { createHmac, randomUUID } from "node:crypto";

import type { SimApp, SimShop } from "#simulator/state.ts";

/** Seconds; Shopify's session tokens are valid for one minute. */
const tokenLifeSeconds = 60;

/** The simulated staff member, and their browser session. */
export const staff = { userId: "42", sessionId: randomUUID() };

type Signing = {
  app: Pick<SimApp, "apiKey" | "apiSecret">;
  shop: Pick<SimShop, "domain">;
  /** Real time: the app checks the token against its own clock, which no button here can move. */
  now: Date;
};

/**
 * The JWT that App Bridge hands the app: HS256 under the app's secret, with the claims of
 * https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens
 */
export function signIdToken({ app, shop, now }: Signing): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: `https://${shop.domain}/admin`,
    dest: `https://${shop.domain}`,
    aud: app.apiKey,
    sub: staff.userId,
    exp: seconds + tokenLifeSeconds,
    nbf: seconds,
    iat: seconds,
    jti: randomUUID(),
    sid: staff.sessionId,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", app.apiSecret).update(signed).digest("base64url")}`;
}

/**
 * Adds `hmac` to a query: hex HMAC-SHA256 over all other parameters, sorted by name and encoded as in
 * a URL, as Shopify signs what it appends to an app's address.
 */
export function signQuery(query: URLSearchParams, apiSecret: string): URLSearchParams {
  const signed = new URLSearchParams(query);
  signed.delete("hmac");
  signed.sort();
  const canonical = signed.toString().replaceAll("+", "%20");
  signed.set("hmac", createHmac("sha256", apiSecret).update(canonical).digest("hex"));
  return signed;
}
