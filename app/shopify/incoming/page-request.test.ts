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
  it("names a shop as Shopify does, or none: it becomes a part of the page's policy", () => {
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

  it("names a host that can be read, or none", () => {
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
    ["without an end", { exp: undefined }],
    ["with an end that is none", { exp: "never" }],
    ["for another app", { aud: "other" }],
    ["for several apps", { aud: ["key", "other"] }],
    ["for no shop", { dest: undefined }],
    [
      "for what is no shop of Shopify's",
      { dest: "https://evil.example", iss: "https://evil.example" },
    ],
    ["for no address", { dest: shop, iss: shop }],
    ["made by another shop", { iss: "https://other.myshopify.com/admin" }],
    ["made by nobody", { iss: undefined }],
  ])("is refused %s", (_, changes) => {
    expect(statusOf({}, token({ ...right, ...changes }))).toBe(401);
    expect(statusOf({ id_token: token({ ...right, ...changes }) })).toBe(401);
  });

  it("is looked at where the library looks: an old one in the address does no harm", () => {
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
