import { describe, expect, it } from "vitest";

import type { Rhythm } from "../histories/rhythm.ts";
import { checkData, type RuleCode } from "./gate.ts";

const healthy: Rhythm = {
  customers: 500,
  repeatCustomers: 200,
  firstDay: 0,
  lastDay: 395,
  medianGapDays: 20,
  secondPurchaseDays: 60,
  recentCustomers: 90,
  recentRepeatCustomers: 45,
};
const asOfDay = 400;

function rule(code: RuleCode, rhythm: Rhythm, fullHistory = true) {
  return checkData(rhythm, asOfDay, { fullHistory, tested: false }).find(
    (check) => check.code === code,
  );
}

it("a store with enough of everything meets every rule", () => {
  const rules = checkData(healthy, asOfDay, { fullHistory: true, tested: false });
  expect(rules.map((check) => check.code)).toEqual([
    "customers",
    "repeat-customers",
    "history",
    "full-history",
    "recent-order",
  ]);
  expect(rules.every((check) => check.passed && check.expectedDay === null)).toBe(true);
});

describe("the gate returns what is needed, what the store has, and the expected day", () => {
  it("fewer than 100 customers: at the pace of the last 90 days", () => {
    const check = rule("customers", { ...healthy, customers: 90 });
    expect(check).toEqual({
      code: "customers",
      passed: false,
      have: 90,
      need: 100,
      unit: "customers",
      expectedDay: 410,
    });
  });

  it("fewer than 40 customers who bought on two days", () => {
    const check = rule("repeat-customers", { ...healthy, repeatCustomers: 39 });
    expect(check).toMatchObject({ passed: false, have: 39, need: 40, expectedDay: 402 });
  });

  it("no date when nobody new came for 90 days", () => {
    const check = rule("customers", { ...healthy, customers: 90, recentCustomers: 0 });
    expect(check).toMatchObject({ passed: false, expectedDay: null });
  });

  it("a history shorter than 90 days or three median gaps", () => {
    expect(rule("history", { ...healthy, firstDay: 320 })).toMatchObject({
      passed: false,
      have: 80,
      need: 90,
      expectedDay: 410,
    });
    expect(rule("history", { ...healthy, medianGapDays: 150 })).toMatchObject({
      passed: false,
      have: 400,
      need: 450,
      expectedDay: 450,
    });
  });

  it("no access to the full order history", () => {
    expect(rule("full-history", healthy, false)).toMatchObject({
      passed: false,
      have: 0,
      need: 1,
      unit: "access",
    });
  });

  it("no order for 30 days or two median gaps", () => {
    expect(rule("recent-order", { ...healthy, lastDay: 360 })).toMatchObject({ passed: true });
    expect(rule("recent-order", { ...healthy, lastDay: 359 })).toMatchObject({
      passed: false,
      have: 41,
      need: 40,
      expectedDay: null,
    });
    expect(rule("recent-order", { ...healthy, lastDay: null })).toMatchObject({ passed: false });
  });
});

it("less data is enough where the newest past window is tested too", () => {
  const few = { customers: 60, repeatCustomers: 20, firstDay: 372, medianGapDays: 9 };
  const small = { ...healthy, ...few };
  const failed = (tested: boolean) =>
    checkData(small, asOfDay, { fullHistory: true, tested })
      .filter((check) => !check.passed)
      .map((check) => check.code);
  expect(failed(false)).toEqual(["customers", "repeat-customers", "history"]);
  expect(failed(true)).toEqual([]);
});
