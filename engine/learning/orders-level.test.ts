import { describe, expect, it } from "vitest";

import { simulateStore } from "../simulate.ts";
import { amountLevelOf, ordersLevelOf } from "./orders-level.ts";
import { Past } from "./past-views.ts";
import { type PastWindow, pastWindows } from "./past-windows.ts";

const { purchases } = simulateStore({ seed: 8, customers: 3000, startDay: 0, endDay: 700 });
const windows = pastWindows(
  new Past(purchases),
  { asOfDay: 700, horizonDays: 90, firstDay: 0 },
  false,
);
const mbg = { chosen: ["mbg-nbd" as const], weights: [1] };

/** The windows, had each buyer ordered, or spent, so many times as much. */
function times(factor: number): PastWindow[] {
  return windows.map((window) => ({
    ...window,
    outcomes: {
      ...window.outcomes,
      orders: window.outcomes.orders.map((count) => factor * count),
      spend: window.outcomes.spend.map((amount) => factor * amount),
    },
  }));
}

describe("the level of expected orders, and of expected spend", () => {
  it("is hardly moved in a store that is as the model says", () => {
    expect(Math.abs(ordersLevelOf(windows, mbg))).toBeLessThan(0.05);
    expect(Math.abs(amountLevelOf(windows, mbg))).toBeLessThan(0.1);
  });

  it("follows by a part what came of a buyer in past windows", () => {
    const orders = ordersLevelOf(times(3), mbg) - ordersLevelOf(windows, mbg);
    expect(orders).toBeGreaterThan(0.4 * Math.log(3));
    expect(orders).toBeLessThan(0.7 * Math.log(3));
    const spend = amountLevelOf(times(3), mbg) - amountLevelOf(windows, mbg);
    expect(spend).toBeGreaterThan(0.3 * Math.log(3));
    expect(spend).toBeLessThan(0.7 * Math.log(3));
  });

  it("takes NBD, which knows no leaving, half out where a window says nothing", () => {
    const models = { chosen: ["mbg-nbd" as const, "nbd" as const], weights: [0.5, 0.5] };
    const rows = [2, 1].map((each) => Float64Array.from([each, each]));
    const silent = windows.slice(0, 1).map((window) => ({
      ...window,
      histories: { ...window.histories, weight: Float64Array.from([1, 1]) },
      probabilities: () => Float64Array.from([0.5, 0.5]),
      orders: (name: string) => rows[name === "nbd" ? 0 : 1],
      outcomes: { ...window.outcomes, buyers: 1, orders: Int32Array.from([1]) },
    }));
    const believed = 1 / 61;
    const seen = believed * 0.6 * Math.log(1 / 3);
    const halfOut = (1 - believed) * 0.5 * Math.log(2 / 3);
    expect(ordersLevelOf(silent, models)).toBeCloseTo(seen + halfOut, 12);
  });

  it("is not moved where no window has passed", () => {
    expect(ordersLevelOf([], mbg)).toBe(0);
    expect(amountLevelOf([], mbg)).toBe(0);
  });
});
