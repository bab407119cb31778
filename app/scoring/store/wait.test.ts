import { describe, expect, it } from "vitest";

import { shareWithin, yearly } from "./wait.ts";

const wait = { from: 20, to: 60 };

describe("the wait for a next order", () => {
  it("is over for a quarter of the orders before the window, and for three when it ends", () => {
    expect([0, 10, 20, 40, 60].map((days) => shareWithin(wait, days))).toEqual([
      0, 0.125, 0.25, 0.5, 0.75,
    ]);
    expect(shareWithin(wait, 365)).toBe(1);
    expect(shareWithin(wait, 400)).toBe(1);
  });

  it("has no leap at the end of the window, in share or in density", () => {
    const density = (days: number) => shareWithin(wait, days + 0.01) - shareWithin(wait, days);
    expect(density(60) / density(59.9)).toBeCloseTo(1, 2);
    for (let days = 1; days <= 365; days++) {
      expect(shareWithin(wait, days)).toBeGreaterThan(shareWithin(wait, days - 1));
    }
  });

  it("may begin at once, and end with the year", () => {
    expect(shareWithin({ from: 0, to: 4 }, 1)).toBe(0.375);
    expect(shareWithin({ from: 200, to: 365 }, 364)).toBeLessThan(0.75);
    expect(shareWithin({ from: 200, to: 365 }, 365)).toBe(1);
  });

  it("agrees with the probability within the horizon, unless nobody could be that sure", () => {
    const known = { horizonDays: 40, probability: 0.3 };
    expect(yearly(wait, known)).toBeCloseTo(0.6);
    expect(yearly(wait, { ...known, probability: 0.7 })).toBe(1);
  });
});
