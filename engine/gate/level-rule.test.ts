import { describe, expect, it } from "vitest";

import { checkLevel, levelWarning } from "./level-rule.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** A rehearsal with these ratios of expected to actual buyers in its windows. */
function rehearsal(ratios: number[], buyers = 200): Rehearsal {
  const none = { expected: 0, actual: 0 };
  return {
    cutoffDay: 310,
    horizonDays: 90,
    windows: ratios.length,
    trials: [],
    calibration: [],
    seasonal: false,
    seasonTrials: [],
    totals: ratios.map((ratio, i) => ({
      cutoffDay: 310 - 45 * i,
      buyers: { expected: ratio * buyers, actual: buyers },
      orders: none,
      spend: none,
    })),
    test: { customers: 0, buyers, baseLogLoss: 0, logLoss: 0, auc: 1, brier: 0, ece: 0 },
  };
}

describe("an error of the level", () => {
  it("in every window gives a warning, with the smallest and the largest error", () => {
    const told = levelWarning(rehearsal([1.4, 1.9, 1.5, 1.6]));
    expect(told?.windows).toBe(4);
    expect(told?.least).toBeCloseTo(0.4, 9);
    expect(told?.most).toBeCloseTo(0.9, 9);
    expect(levelWarning(rehearsal([0.7, 0.6, 0.75]))?.least).toBeCloseTo(-0.25, 9);
  });

  it("gives none where it is small, in both directions, in few windows or among few buyers", () => {
    expect(levelWarning(rehearsal([1.4, 0.7, 1.5, 1.6]))).toBeNull();
    expect(levelWarning(rehearsal([1.4, 1.1, 1.5, 1.6]))).toBeNull();
    expect(levelWarning(rehearsal([1.4, 1.5]))).toBeNull();
    expect(levelWarning(rehearsal([1.4, 1.5, 1.6], 10))).toBeNull();
    expect(levelWarning(null)).toBeNull();
  });

  it("by more than a factor of 2 in every window refuses the store", () => {
    expect(checkLevel(rehearsal([2.2, 3, 2.4]))).toMatchObject({ code: "level", passed: false });
    expect(checkLevel(rehearsal([0.4, 0.3, 0.45])).passed).toBe(false);
    expect(checkLevel(rehearsal([1.9, 3, 2.4]))).toMatchObject({ passed: true, need: 1 });
    expect(checkLevel(null)).toMatchObject({ passed: true, have: 0 });
  });
});
