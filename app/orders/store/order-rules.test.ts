import { describe, expect, it } from "vitest";

import { isNone, noRules, parseOrderRules, type TypedRules, usualKind } from "./order-rules.ts";

const parse = (typed: Partial<TypedRules>) =>
  parseOrderRules({ tags: "", channels: "", countZero: "", ...typed });

describe("rules for orders", () => {
  it("are names between commas, each once", () => {
    expect(parse({ tags: " Wholesale, b2b ,,wholesale", channels: "pos" })).toEqual({
      tags: ["Wholesale", "b2b"],
      channels: ["pos"],
    });
    expect(parse({ channels: " , " })).toEqual({ tags: [], channels: [] });
  });

  it("are refused when there are too many, or one is too long", () => {
    const many = Array.from({ length: 21 }, (_, index) => `tag ${index}`).join();
    expect(parse({ tags: many })).toBeNull();
    expect(parse({ channels: "x".repeat(256) })).toBeNull();
    expect(parse({ tags: "x".repeat(255) })).not.toBeNull();
  });
});

describe("orders worth nothing", () => {
  it("count when the merchant wants so, and are no rule otherwise", () => {
    expect(parse({ countZero: "on" })).toEqual({ tags: [], channels: [], countZero: true });
    expect(parse({ countZero: "off" })).toEqual(noRules);
    expect([noRules, { ...noRules, countZero: true as const }].map(isNone)).toEqual([true, false]);
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
