import "@shopify/shopify-api/adapters/node";

import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";

import { launchUrl } from "./launch.ts";
import { signIdToken, signQuery } from "./session-token.ts";

const app = {
  url: "http://127.0.0.1:3100",
  apiKey: "the-key",
  apiSecret: "simulated-secret",
  handle: "encore",
  title: "Encore",
  clientId: "1",
  scopes: [],
};
const shop = { domain: "shop-one.myshopify.com", handle: "shop-one" };
const launch = { app, shop, locale: "fr" as const, now: new Date() };

/** Verifies what the frame signs with Shopify's own library, as the app does. */
const library = shopifyApi({
  apiKey: app.apiKey,
  apiSecretKey: app.apiSecret,
  hostName: "127.0.0.1",
  isEmbeddedApp: true,
  apiVersion: ApiVersion.October26,
  logger: { level: LogSeverity.Error },
});

describe("the session token", () => {
  it("is accepted by Shopify's library and carries the claims of its shop", async () => {
    const token = signIdToken({ app, shop, now: new Date() });
    const claims = await library.session.decodeSessionToken(token);
    expect(claims).toMatchObject({
      iss: "https://shop-one.myshopify.com/admin",
      dest: "https://shop-one.myshopify.com",
      aud: "the-key",
      sub: "42",
    });
    expect(claims.exp - claims.iat).toBe(60);
  });

  it("is refused with another secret, and when its minute is over", async () => {
    const foreign = signIdToken({ app: { ...app, apiSecret: "other" }, shop, now: new Date() });
    await expect(library.session.decodeSessionToken(foreign)).rejects.toThrow();
    const old = signIdToken({ app, shop, now: new Date(Date.now() - 5 * 60_000) });
    await expect(library.session.decodeSessionToken(old)).rejects.toThrow();
  });

  it("is a new one each time", () => {
    const now = new Date();
    expect(signIdToken({ app, shop, now })).not.toBe(signIdToken({ app, shop, now }));
  });
});

describe("the app's URL in the frame", () => {
  it("has Shopify's parameters, signed so that Shopify's library accepts it", async () => {
    const url = launchUrl(launch, { path: "/app/targets", query: new URLSearchParams("q=a b") });
    expect(url.origin + url.pathname).toBe("http://127.0.0.1:3100/app/targets");
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      embedded: "1",
      shop: "shop-one.myshopify.com",
      locale: "fr",
      q: "a b",
    });
    expect(atob(query["host"] ?? "")).toBe("admin.shopify.com/store/shop-one");
    expect(library.utils.sanitizeHost(query["host"] ?? "")).toBe(query["host"]);
    expect(await library.utils.validateHmac(query)).toBe(true);
    expect(await library.utils.validateHmac({ ...query, shop: "other.myshopify.com" })).toBe(false);
  });

  it("replaces forged parameters of a link", () => {
    const query = new URLSearchParams({ shop: "evil.myshopify.com", hmac: "0", locale: "de" });
    const url = launchUrl(launch, { path: "/app", query });
    expect(url.searchParams.getAll("shop")).toEqual(["shop-one.myshopify.com"]);
    expect(url.searchParams.getAll("locale")).toEqual(["fr"]);
  });

  it("never points to another host, whatever the path", () => {
    for (const path of ["//evil.example/x", "/\\evil.example", "/../..//evil.example"]) {
      const url = launchUrl(launch, { path, query: new URLSearchParams() });
      expect(url.origin).toBe("http://127.0.0.1:3100");
    }
  });

  it("is the app's own URL where no page is given", () => {
    const home = { ...launch, app: { ...app, url: "http://127.0.0.1:3100/app" } };
    expect(launchUrl(home, { path: "", query: new URLSearchParams() }).pathname).toBe("/app");
  });
});

describe("signing a query", () => {
  it("does not depend on the order of parameters and ignores an earlier signature", () => {
    const one = signQuery(new URLSearchParams("b=2&a=1&hmac=old"), "secret");
    const two = signQuery(new URLSearchParams("a=1&b=2"), "secret");
    expect(one.get("hmac")).toBe(two.get("hmac"));
    expect(one.get("hmac")).toMatch(/^[0-9a-f]{64}$/);
  });
});
