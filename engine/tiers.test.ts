import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  buyThresholds,
  buyTier,
  clvTier,
  defaultTierOptions,
  isNew,
  scaleOdds,
  tiers,
  valueThresholds,
} from "./tiers.ts";

const odds = (probability: number) => probability / (1 - probability);

describe("likelihood tiers", () => {
  it("begin at twice and half the odds of the store's base rate", () => {
    const { buyHigh, buyLow } = buyThresholds(0.2);
    expect(odds(buyHigh)).toBeCloseTo(0.5, 12);
    expect(odds(buyLow)).toBeCloseTo(0.125, 12);
  });

  it("begin at the multiples chosen", () => {
    const { buyHigh, buyLow } = buyThresholds(0.2, { ...defaultTierOptions, buyHighOdds: 4 });
    expect(odds(buyHigh)).toBeCloseTo(1, 12);
    expect(buyLow).toBe(buyThresholds(0.2).buyLow);
    const lower = buyThresholds(0.2, { ...defaultTierOptions, buyLowOdds: 0.1 });
    expect(odds(lower.buyLow)).toBeCloseTo(0.025, 12);
  });

  it("stay between 0 and 1 for every base rate", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (baseRate) => {
        const { buyHigh, buyLow } = buyThresholds(baseRate);
        expect(buyLow).toBeGreaterThanOrEqual(0);
        expect(buyHigh).toBeLessThanOrEqual(1);
        expect(buyLow).toBeLessThanOrEqual(buyHigh);
      }),
    );
    expect(scaleOdds(0, 2)).toBe(0);
    expect(scaleOdds(1, 0.5)).toBe(1);
  });

  it("put a probability at the boundary into the upper tier", () => {
    const thresholds = { buyHigh: 0.5, buyLow: 0.2, clvHigh: 0, clvModerate: 0 };
    expect([0.6, 0.5, 0.3, 0.2, 0.1].map((p) => tiers[buyTier(p, thresholds)])).toEqual([
      "high",
      "high",
      "moderate",
      "moderate",
      "low",
    ]);
  });
});

describe("value tiers", () => {
  it("hold a half, nine tenths and all of the predicted value", () => {
    const values = Float64Array.from([50, 20, 10, 10, 5, 3, 2]);
    const thresholds = { buyHigh: 1, buyLow: 0, ...valueThresholds(values) };
    expect([...values].map((value) => tiers[clvTier(value, thresholds)])).toEqual([
      "high",
      "moderate",
      "moderate",
      "moderate",
      "low",
      "low",
      "low",
    ]);
  });

  it("hold the shares chosen", () => {
    const values = Float64Array.from([50, 20, 10, 10, 5, 3, 2]);
    const chosen = { ...defaultTierOptions, clvHighShare: 0.6, clvUpperShare: 0.95 };
    expect(valueThresholds(values, chosen)).toEqual({ clvHigh: 20, clvModerate: 5 });
  });

  it("give the high tier just enough customers to hold half of the value", () => {
    const positive = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(positive, (list) => {
        const values = Float64Array.from(list);
        const { clvHigh, clvModerate } = valueThresholds(values);
        const total = list.reduce((sum, value) => sum + value, 0);
        const held = (from: number) =>
          list.filter((value) => value >= from).reduce((sum, value) => sum + value, 0);
        const above = (from: number) =>
          list.filter((value) => value > from).reduce((sum, value) => sum + value, 0);
        expect(held(clvHigh)).toBeGreaterThanOrEqual(0.5 * total * (1 - 1e-9));
        expect(above(clvHigh)).toBeLessThan(0.5 * total * (1 + 1e-9));
        expect(held(clvModerate)).toBeGreaterThanOrEqual(0.9 * total * (1 - 1e-9));
        expect(clvModerate).toBeLessThanOrEqual(clvHigh);
      }),
    );
  });

  it("are low for everybody when nobody is worth anything", () => {
    const thresholds = { buyHigh: 1, buyLow: 0, ...valueThresholds(new Float64Array(3)) };
    expect(tiers[clvTier(0, thresholds)]).toBe("low");
    expect(JSON.parse(JSON.stringify(thresholds))).toEqual(thresholds);
  });
});

it("a customer is new with one purchase day below the age, and never with two", () => {
  expect(isNew(0, 29, 30)).toBe(true);
  expect(isNew(0, 30, 30)).toBe(false);
  expect(isNew(1, 5, 30)).toBe(false);
});
