import { describe, expect, it } from "vitest";
import { allExpectedOn, ruleShare } from "./rules.ts";

describe("how far a condition is met", () => {
  it("is what there is of what is needed", () => {
    expect(ruleShare({ code: "customers", passed: false, have: 61, need: 100 })).toBeCloseTo(0.61);
    expect(ruleShare({ code: "customers", passed: true, have: 500, need: 100 })).toBe(1);
  });

  it("counts backwards for the age of the last order, where less is better", () => {
    expect(ruleShare({ code: "recent-order", passed: false, have: 60, need: 30 })).toBe(0.5);
  });

  it("stays between nothing and all", () => {
    expect(ruleShare({ code: "skill", passed: false, have: -0.1, need: 0.02 })).toBe(0);
    expect(ruleShare({ code: "recent-order", passed: false, have: 0, need: 30 })).toBe(0);
  });
});

describe("the day when enough is expected", () => {
  it("is that of the slowest condition", () => {
    expect(allExpectedOn([{ expectedOn: "2027-01-19" }, { expectedOn: "2027-05-28" }])).toBe(
      "2027-05-28",
    );
  });

  it("is not named when one condition has none", () => {
    expect(allExpectedOn([{ expectedOn: "2027-01-19" }, { expectedOn: null }])).toBeNull();
    expect(allExpectedOn([])).toBeNull();
  });
});
