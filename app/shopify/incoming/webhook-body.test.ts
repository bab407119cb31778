import { describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { readBody } from "./webhook-body.ts";

const shop = shopDomain("one.myshopify.com");
const other = "other.myshopify.com";

describe("the body of a webhook", () => {
  it("is an object, and nothing else", () => {
    expect(readBody('{"id":1}', shop)).toEqual({ kind: "body", body: { id: 1 } });
    for (const raw of ["", "{", "null", "7", '"text"', "[]"]) {
      expect(readBody(raw, shop), raw).toEqual({
        kind: "wrong",
        what: "the body is not a JSON object",
      });
    }
  });

  it("keeps large ids as text, and other numbers as numbers", () => {
    const raw = '{"id":820982911946154508,"small":9007199254740991,"price":1.5,"far":1e400}';
    expect(readBody(raw, shop)).toEqual({
      kind: "body",
      body: { id: "820982911946154508", small: 9007199254740991, price: 1.5, far: Infinity },
    });
  });

  it.each(["shop_domain", "myshopify_domain", "domain"])(
    "must not name another shop in %s",
    (name) => {
      expect(readBody(JSON.stringify({ [name]: other }), shop)).toEqual({
        kind: "wrong",
        what: `${name} in the body is not the header's shop`,
      });
      for (const same of ["one.myshopify.com", "ONE.MyShopify.com", null, 7]) {
        expect(readBody(JSON.stringify({ [name]: same }), shop).kind).toBe("body");
      }
    },
  );

  it("may have the merchant's own domain", () => {
    for (const domain of ["shop.example.com", "one.myshopify.com.example.org"]) {
      expect(readBody(JSON.stringify({ domain }), shop).kind, domain).toBe("body");
      expect(readBody(JSON.stringify({ shop_domain: domain }), shop).kind, domain).toBe("wrong");
    }
  });
});
