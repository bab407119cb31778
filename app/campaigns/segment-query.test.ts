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
import { parseTarget, targetKey, targetOfKey, type Target } from "./target.ts";

describe("the segment of a target", () => {
  it("asks for the tag that Encore writes and for a fresh score, and else for the tag alone", () => {
    expect(segmentQueries({ axis: "clv", tier: "high" }, [])).toEqual([
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= 30_days_ago",
      "customer_tags CONTAINS 'clv:high'",
    ]);
    expect(segmentQueries({ axis: "buy", tier: "new" }, ["clv_tier"])).toHaveLength(3);
  });

  it("asks for the tag alone where the day of the scoring cannot be written", () => {
    const target: Target = { axis: "buy", tier: "new" };
    expect(segmentQueries(target, ["scored_at"])).toEqual([queryOf(target, "tag")]);
  });

  it("has one of the forms, and no other query is one of ours", () => {
    const target: Target = { axis: "buy", tier: "new" };
    for (const form of segmentForms) expect(formOf(target, queryOf(target, form))).toBe(form);
    expect(formOf({ axis: "clv", tier: "new" }, queryOf(target, "tag"))).toBeNull();
    expect(formOf(target, `${queryOf(target, "tag")} AND number_of_orders > 3`)).toBeNull();
    expect(segmentForms.map(emptiesAfterDays)).toEqual([14, 30, null]);
    expect(formsAfter("relative")).toEqual(["named", "tag"]);
    expect(formsAfter("tag")).toEqual([]);
  });

  it("has a counterpart that asks for whom it lets go of, in the same words", () => {
    const target: Target = { axis: "buy", tier: "new" };
    for (const form of ["relative", "named"] as const) {
      expect(staleQuery(target, form)).toBe(queryOf(target, form).replace(">=", "<"));
    }
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
