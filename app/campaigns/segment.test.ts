import { describe, expect, it } from "vitest";

import { segmentQuery, segmentView } from "./segment.ts";
import { parseTarget, targetKey } from "./target.ts";

describe("the segment of a target", () => {
  it("asks for the tag that Encore writes", () => {
    expect(segmentQuery({ axis: "clv", tier: "high" })).toBe("customer_tags CONTAINS 'clv:high'");
    expect(segmentQuery({ axis: "buy", tier: "new" })).toBe("customer_tags CONTAINS 'buy:new'");
  });

  it("opens in the admin around the app", () => {
    expect(segmentView("12", "Encore: High").adminUrl).toBe(
      "shopify://admin/customers/segments/12",
    );
  });
});

describe("a target", () => {
  it("is found by its axis and tier, and only by those that exist", () => {
    const target = parseTarget("clv", "moderate");
    expect(target && targetKey(target)).toBe("clv:moderate");
    expect(parseTarget("clv", "middling")).toBeNull();
    expect(parseTarget("toString", "high")).toBeNull();
  });
});
