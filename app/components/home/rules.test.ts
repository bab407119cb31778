import { describe, expect, it } from "vitest";

import { allExpectedOn, ruleShare } from "./rules.ts";

describe("the share of a rule that is met", () => {
  it("is have divided by need", () => {
    expect(ruleShare({ code: "customers", passed: false, have: 61, need: 100 })).toBeCloseTo(0.61);
    expect(ruleShare({ code: "customers", passed: true, have: 500, need: 100 })).toBe(1);
  });

  it("is need divided by have where less is better", () => {
    expect(ruleShare({ code: "recent-order", passed: false, have: 60, need: 30 })).toBe(0.5);
  });

  it("is between 0 and 1", () => {
    expect(ruleShare({ code: "skill", passed: false, have: -0.1, need: 0.02 })).toBe(0);
    expect(ruleShare({ code: "recent-order", passed: false, have: 0, need: 30 })).toBe(0);
  });
});

describe("the day when all rules are expected to be met", () => {
  it("is the latest of their days", () => {
    expect(allExpectedOn([{ expectedOn: "2027-01-19" }, { expectedOn: "2027-05-28" }])).toBe(
      "2027-05-28",
    );
  });

  it("is null when one rule has none", () => {
    expect(allExpectedOn([{ expectedOn: "2027-01-19" }, { expectedOn: null }])).toBeNull();
    expect(allExpectedOn([])).toBeNull();
  });
});
