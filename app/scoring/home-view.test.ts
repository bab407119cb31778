import { describe, expect, it } from "vitest";

import type { RuleCheck } from "#engine";
import { homeView, ruleView } from "./home-view.ts";

const basis = {
  orders: 3,
  countedOrders: 2,
  guestOrders: 1,
  leftOut: [],
  firstDay: "2026-01-01",
  lastDay: "2026-02-01",
};
const facts = {
  shopName: "Test",
  currency: "GBP",
  timeZone: "Europe/London",
  basis,
  progress: [],
  reconstructedWeeks: 0,
};
const rule: RuleCheck = {
  code: "history",
  passed: false,
  have: 31,
  need: 90,
  unit: "days",
  expectedDay: 20_500,
};

describe("the home screen", () => {
  it("shows the import until there is a scoring", () => {
    expect(homeView(facts, null)).toMatchObject({ state: "importing", basis });
  });

  it("shows every rule of a refusal, and what the scoring rested on rather than what there is now", () => {
    const run = {
      id: "1",
      asOf: "2026-02-02",
      createdAt: new Date(0),
      horizonDays: 90,
      rules: [rule],
      basis: { ...basis, orders: 2 },
      scored: null,
    };
    expect(homeView(facts, run)).toMatchObject({
      state: "refused",
      asOf: "2026-02-02",
      basis: { orders: 2 },
      rules: [{ code: "history", have: 31, need: 90, unit: "days", expectedOn: "2026-02-16" }],
    });
  });

  it("says so when nobody can tell when a rule will be met", () => {
    expect(ruleView({ ...rule, expectedDay: null }).expectedOn).toBeNull();
  });
});
