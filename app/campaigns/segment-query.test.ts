import { describe, expect, it } from "vitest";

import {
  emptiesAfterDays,
  formOf,
  formsAfter,
  isNamed,
  queryOf,
  segmentForms,
  segmentQueries,
  segmentView,
  staleQuery,
} from "./segment-query.ts";
import { parseTarget, type Target, targetKey, targetOfKey } from "./target.ts";

describe("the segment of a target", () => {
  it("has a query by tag and fresh score, or else by tag alone", () => {
    expect(segmentQueries({ axis: "clv", tier: "high" }, [])).toEqual([
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= 30_days_ago",
      "customer_tags CONTAINS 'clv:high'",
    ]);
    expect(segmentQueries({ axis: "buy", tier: "new" }, ["clv_tier"])).toHaveLength(3);
  });

  it("has a query by tag alone when scored_at is blocked", () => {
    const target: Target = { axis: "buy", tier: "new" };
    expect(segmentQueries(target, ["scored_at"])).toEqual([queryOf(target, "tag")]);
  });

  it("recognises the forms of our queries, and no others", () => {
    const target: Target = { axis: "buy", tier: "new" };
    for (const form of segmentForms) expect(formOf(target, queryOf(target, form))).toBe(form);
    expect(formOf({ axis: "clv", tier: "new" }, queryOf(target, "tag"))).toBeNull();
    expect(formOf(target, `${queryOf(target, "tag")} AND number_of_orders > 3`)).toBeNull();
    expect(segmentForms.map(emptiesAfterDays)).toEqual([14, 30, null]);
    expect(formsAfter("relative")).toEqual(["named", "tag"]);
    expect(formsAfter("tag")).toEqual([]);
  });

  it("has a counterpart for stale scores with the same date literal", () => {
    const target: Target = { axis: "buy", tier: "new" };
    for (const form of ["relative", "named"] as const) {
      expect(staleQuery(target, form)).toBe(queryOf(target, form).replace(">=", "<"));
    }
  });

  it("is recognised by its name, also with Shopify's appended number", () => {
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
  it("is parsed from axis and tier, null when unknown", () => {
    const target = parseTarget("clv", "moderate");
    expect(target && targetKey(target)).toBe("clv:moderate");
    expect(targetOfKey("clv:moderate")).toEqual(target);
    expect(targetOfKey("clv")).toBeNull();
    expect(parseTarget("clv", "middling")).toBeNull();
    expect(parseTarget("toString", "high")).toBeNull();
  });
});

describe("the target of a cell of the grid", () => {
  const cell: Target = { axis: "grid", clv: "high", buy: "low" };

  it("asks for both tags, and is recognised by its query in each form", () => {
    expect(queryOf(cell, "tag")).toBe(
      "customer_tags CONTAINS 'clv:high' AND customer_tags CONTAINS 'buy:low'",
    );
    for (const form of segmentForms) expect(formOf(cell, queryOf(cell, form))).toBe(form);
    expect(formOf({ axis: "clv", tier: "high" }, queryOf(cell, "tag"))).toBeNull();
  });

  it("has a key that leads back to it", () => {
    expect(targetKey(cell)).toBe("grid:high-low");
    expect(targetOfKey("grid:high-low")).toEqual(cell);
    for (const key of ["grid:high", "grid:high-low-low", "grid:high-none", "grid:-low"]) {
      expect(targetOfKey(key), key).toBeNull();
    }
  });
});
