import { describe, expect, it } from "vitest";

import { parseOrderRules, usualKind } from "./order-rules.ts";

describe("rules for orders", () => {
  it("are names between commas, each once", () => {
    expect(parseOrderRules({ tags: " Wholesale, b2b ,,wholesale", channels: "pos" })).toEqual({
      tags: ["Wholesale", "b2b"],
      channels: ["pos"],
    });
    expect(parseOrderRules({ tags: "", channels: " , " })).toEqual({ tags: [], channels: [] });
  });

  it("are refused when there are too many, or one is too long", () => {
    const many = Array.from({ length: 21 }, (_, index) => `tag ${index}`).join();
    expect(parseOrderRules({ tags: many, channels: "" })).toBeNull();
    expect(parseOrderRules({ tags: "", channels: "x".repeat(256) })).toBeNull();
    expect(parseOrderRules({ tags: "x".repeat(255), channels: "" })).not.toBeNull();
  });
});

describe("a usual name", () => {
  it.each([
    ["Subscription Recurring Order", "subscription"],
    ["appstle_subscription_recurring_order", "subscription"],
    ["subscription_contract", "subscription"],
    ["Renewal", "subscription"],
    ["Wholesale", "wholesale"],
    ["b2b-eu", "wholesale"],
    ["web", null],
    ["Subscription First Order", null],
    ["trade fair", null],
    ["unrecurringly", null],
  ])("%s: %s", (name, kind) => {
    expect(usualKind(name)).toBe(kind);
  });
});
