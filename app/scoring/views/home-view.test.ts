import { describe, expect, it } from "vitest";

import type { LatestRun } from "#app/scoring/store/latest-run.server.ts";
import type { RuleCheck } from "#engine";
import { fit } from "#tests/setup/fit.ts";

import { homeView, ruleView } from "./home-view.ts";

const basis = {
  orders: 3,
  countedOrders: 2,
  guestOrders: 1,
  leftOut: [],
  excluded: { customers: 0, orders: 0 },
  firstDay: "2026-01-01",
  lastDay: "2026-02-01",
};
const facts = {
  shopName: "Test",
  currency: "GBP",
  timeZone: "Europe/London",
  basis,
  progress: [],
  reconciliation: null,
  unreadable: { orders: 0, named: [], unnamed: 0 },
  reconstructedWeeks: 0,
  attention: null,
  tierRows: { customers: 0, axes: { clv: [], buy: [] }, grid: null },
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
  it("shows the import before the first scoring", () => {
    expect(homeView(facts, null)).toMatchObject({ state: "importing", basis });
  });

  it("shows all rules of a refusal, with the order counts of the run", () => {
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

  it("has no day for a rule when none can be estimated", () => {
    expect(ruleView({ ...rule, expectedDay: null }).expectedOn).toBeNull();
  });

  it("applies the range of the run to the current totals", () => {
    const row = { customers: 1, spentMinor: 0, meanProbability: 0.5 };
    const clv = [
      { ...row, tier: "high", expectedSpendMinor: 700 },
      { ...row, tier: "low", expectedSpendMinor: 301 },
    ] as const;
    const range = { low: 0.8, high: 1.25, spread: 0.2, parameterError: 0.01, windows: [] };
    const tierRows = { customers: 2, axes: { clv: [...clv], buy: [] }, grid: null };
    // The run's totals, from before an order.
    const totals = { customers: 1, axes: { clv: [], buy: [] }, range };
    const run = {
      id: "1",
      asOf: "2026-02-02",
      createdAt: new Date(0),
      horizonDays: 90,
      rules: [],
      basis,
    };
    const shown = (scored: LatestRun["scored"]) =>
      homeView({ ...facts, tierRows }, { ...run, scored });
    expect(shown({ fit, totals })).toMatchObject({
      scored: { customers: 2, expectedTotal: { low: 801, high: 1251 } },
    });
    expect(shown({ fit, totals: { ...totals, range: null } })).toMatchObject({
      scored: { expectedTotal: null },
    });
  });
});
