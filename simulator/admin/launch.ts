import type { Locale } from "#simulator/admin/words.ts";
import type { SimApp, SimShop } from "#simulator/state.ts";

import { signIdToken, signQuery, staff } from "./session-token.ts";

/** Query parameters that Shopify adds to an app's URL; the URL that the merchant sees does not have them. */
export const launchParameters = [
  "embedded",
  "shop",
  "host",
  "locale",
  "session",
  "timestamp",
  "id_token",
  "hmac",
] as const;

type Launch = {
  app: SimApp;
  shop: Pick<SimShop, "domain" | "handle">;
  locale: Locale;
  /** Real time, see session-token.ts. */
  now: Date;
};

/**
 * The URL that the iframe opens. The app's page is the path after `/apps/{handle}`; if that is empty, it is the
 * app's URL itself, which may have a path.
 */
export function launchUrl(launch: Launch, page: { path: string; query: URLSearchParams }): URL {
  const { app, shop, locale, now } = launch;
  const url = page.path === "" || page.path === "/" ? new URL(app.url) : appPage(app, page.path);
  const query = new URLSearchParams(page.query);
  for (const name of launchParameters) query.delete(name);
  query.set("embedded", "1");
  query.set("shop", shop.domain);
  query.set("host", hostParameter(shop.handle));
  query.set("locale", locale);
  query.set("session", staff.sessionId);
  query.set("timestamp", String(Math.floor(now.getTime() / 1000)));
  query.set("id_token", signIdToken({ app, shop, now }));
  url.search = signQuery(query, app.apiSecret).toString();
  return url;
}

/** A path such as `//elsewhere.example` must not send the iframe, with its token, to another host. */
function appPage(app: SimApp, path: string): URL {
  const url = new URL(app.url);
  url.pathname = path.replace(/^[/\\]+/, "/");
  url.search = "";
  url.hash = "";
  return url;
}

/** `admin.shopify.com/store/{handle}` in base64 without padding: the library accepts only such hosts. */
export function hostParameter(handle: string): string {
  return Buffer.from(`admin.shopify.com/store/${handle}`).toString("base64").replace(/=+$/, "");
}
