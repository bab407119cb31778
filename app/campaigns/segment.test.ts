import { describe, expect, it } from "vitest";

import { emptiesItself, isNamed, plainQuery, segmentQueries, segmentView } from "./segment.ts";
import { parseTarget, targetKey, targetOfKey, type Target } from "./target.ts";

describe("the segment of a target", () => {
  it("asks for the tag that Encore writes and for a fresh score, and else for the tag alone", () => {
    expect(segmentQueries({ axis: "clv", tier: "high" }, [])).toEqual([
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
      "customer_tags CONTAINS 'clv:high'",
    ]);
    expect(segmentQueries({ axis: "buy", tier: "new" }, ["clv_tier"])).toHaveLength(2);
  });

  it("asks for the tag alone where the day of the scoring cannot be written", () => {
    const target: Target = { axis: "buy", tier: "new" };
    expect(segmentQueries(target, ["scored_at"])).toEqual([plainQuery(target)]);
    expect(emptiesItself(plainQuery(target))).toBe(false);
    expect(emptiesItself(segmentQueries(target, [])[0])).toBe(true);
  });

  it("is known by its name, also with the number that Shopify puts behind it", () => {
    expect(isNamed("Encore: High", "Encore: High")).toBe(true);
    expect(isNamed("Encore: High (2)", "Encore: High")).toBe(true);
    expect(isNamed("Encore: Higher", "Encore: High")).toBe(false);
    expect(isNamed("Best customers", "Encore: High")).toBe(false);
  });

  it("opens in the admin around the app", () => {
    expect(segmentView("12", "Encore: High", "").adminUrl).toBe(
      "shopify://admin/customers/segments/12",
    );
  });
});

describe("a target", () => {
  it("is found by its axis and tier, and only by those that exist", () => {
    const target = parseTarget("clv", "moderate");
    expect(target && targetKey(target)).toBe("clv:moderate");
    expect(targetOfKey("clv:moderate")).toEqual(target);
    expect(targetOfKey("clv")).toBeNull();
    expect(parseTarget("clv", "middling")).toBeNull();
    expect(parseTarget("toString", "high")).toBeNull();
  });
});
