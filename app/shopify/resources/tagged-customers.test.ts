import { describe, expect, it } from "vitest";

import { readCarrier, readTaggedCustomer } from "./tagged-customers.ts";

const id = "gid://shopify/Customer/7";

describe("a line of the search by tags", () => {
  it("has a customer's tags, or one metafield", () => {
    expect(readTaggedCustomer(JSON.stringify({ id, tags: ["a"] }))).toEqual({
      customerId: "7",
      tags: ["a"],
    });
    const metafield = { id: "gid://shopify/Metafield/1", key: "k", value: "v", __parentId: id };
    expect(readTaggedCustomer(JSON.stringify(metafield))).toEqual({
      customerId: "7",
      key: "k",
      value: "v",
    });
  });

  it.each([
    "<html>",
    "null",
    JSON.stringify({ id: "gid://shopify/Company/7", tags: [] }),
    JSON.stringify({ id, tags: "a" }),
    JSON.stringify({ key: "k", value: "v", __parentId: 7 }),
  ])("is null if unreadable: %s", (text) => {
    expect(readTaggedCustomer(text)).toBeNull();
  });
});

describe("the carrier of a tag", () => {
  it("has the tag itself, in any case", () => {
    expect(readCarrier(JSON.stringify({ id, tags: ["No Scores"] }), "no scores")).toBe("7");
    expect(readCarrier(JSON.stringify({ id, tags: ["no", "scores"] }), "no scores")).toBeNull();
  });

  it("is the customer found when their tags cannot be read", () => {
    expect(readCarrier(JSON.stringify({ id, tags: null }), "no scores")).toBe("7");
  });

  it("is undefined when the customer cannot be read", () => {
    for (const text of ["{", '{"tags":["no scores"]}', JSON.stringify({ id: "7", tags: [] })]) {
      expect(readCarrier(text, "no scores")).toBeUndefined();
    }
  });
});
