import { describe, expect, it } from "vitest";

import { pageRefusal } from "./page-request.ts";

const shop = "gifts.myshopify.com";
const right = { exp: 1, aud: "key", dest: `https://${shop}`, iss: `https://${shop}/admin` };

function token(claims: object | string): string {
  const text = typeof claims === "string" ? claims : JSON.stringify(claims);
  return `x.${Buffer.from(text).toString("base64url")}.x`;
}

function statusOf(query: Record<string, string>, bearer?: string): number | null {
  const url = `https://encore.example.com/app?${new URLSearchParams(query).toString()}`;
  const headers = bearer === undefined ? undefined : { authorization: `Bearer ${bearer}` };
  return pageRefusal(new Request(url, headers && { headers }), "key")?.status ?? null;
}

describe("the address of a page", () => {
  it("has a valid shop domain or none, since it is written into the page's policy", () => {
    expect(statusOf({ shop })).toBeNull();
    expect(statusOf({})).toBeNull();
    for (const wrong of [
      "evil.example",
      "*",
      "",
      `${shop}; script-src *`,
      `${shop}\r\nset-cookie: a=b`,
      `evil.example/.myshopify.com`,
      `${shop}//`,
      "gifts.myshopify.com.evil.example",
    ]) {
      expect(statusOf({ shop: wrong })).toBe(400);
    }
  });

  it("has a readable host or none", () => {
    const host = (text: string) => Buffer.from(text).toString("base64").replace(/=+$/, "");
    expect(statusOf({ host: host("admin.shopify.com/store/gifts") })).toBeNull();
    for (const wrong of ["AA", "A", "%", host("\0"), host(" ")]) {
      expect(statusOf({ host: wrong })).toBe(400);
    }
  });
});

describe("a session token", () => {
  it("passes with all its claims, in the header or in the address", () => {
    expect(statusOf({}, token(right))).toBeNull();
    expect(statusOf({ id_token: token(right) })).toBeNull();
  });

  it.each([
    ["without an expiry", { exp: undefined }],
    ["with an invalid expiry", { exp: "never" }],
    ["for another app", { aud: "other" }],
    ["for several apps", { aud: ["key", "other"] }],
    ["without a destination", { dest: undefined }],
    ["for a domain that is no shop", { dest: "https://evil.example", iss: "https://evil.example" }],
    ["with a destination that is no URL", { dest: shop, iss: shop }],
    ["issued by another shop", { iss: "https://other.myshopify.com/admin" }],
    ["without an issuer", { iss: undefined }],
  ])("is refused %s", (_, changes) => {
    expect(statusOf({}, token({ ...right, ...changes }))).toBe(401);
    expect(statusOf({ id_token: token({ ...right, ...changes }) })).toBe(401);
  });

  it("is taken from the header before the address, like the library does", () => {
    const old = token({ ...right, exp: undefined });
    expect(statusOf({ id_token: old }, token(right))).toBeNull();
    expect(statusOf({ id_token: token(right) }, old)).toBe(401);
  });

  it("that cannot be read is left to the library, which refuses it", () => {
    for (const unreadable of ["garbage", "a.b.c", token("7"), token("{")]) {
      expect(statusOf({}, unreadable)).toBeNull();
    }
  });
});
