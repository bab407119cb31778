import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  auc,
  baseLogLoss,
  brier,
  calibrationBins,
  calibrationError,
  logLoss,
} from "./likelihood-metrics.ts";

const single = (bought: number[]) => ({ weight: bought.map(() => 1), buyers: bought });
const probability = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const anyRows = fc.array(fc.tuple(probability, fc.nat(1)), { minLength: 1, maxLength: 60 });

it("auc is the share of pairs in the right order, ties counting a half", () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const buyers = rows.filter(([, bought]) => bought === 1);
      const others = rows.filter(([, bought]) => bought === 0);
      let right = 0;
      for (const [high] of buyers) {
        for (const [low] of others) right += high > low ? 1 : high === low ? 0.5 : 0;
      }
      const value = auc(
        rows.map(([p]) => p),
        single(rows.map(([, bought]) => bought)),
      );
      if (buyers.length === 0 || others.length === 0) expect(value).toBeNull();
      else expect(value).toBeCloseTo(right / (buyers.length * others.length), 12);
    }),
  );
});

it("log loss, Brier and base log loss are the textbook's", () => {
  const rows = single([1, 0, 0, 1]);
  const p = [0.8, 0.3, 0.1, 0.5];
  const loss = -(Math.log(0.8) + Math.log(0.7) + Math.log(0.9) + Math.log(0.5)) / 4;
  expect(logLoss(p, rows)).toBeCloseTo(loss, 12);
  expect(brier(p, rows)).toBeCloseTo((0.04 + 0.09 + 0.01 + 0.25) / 4, 12);
  expect(baseLogLoss(rows)).toBeCloseTo(Math.LN2, 12);
  expect(logLoss([0, 1], single([1, 0]))).toBeLessThan(20);
});

it("a weighted row counts as that many customers", () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const bought = rows.map(([, one]) => one);
      const p = rows.map(([one]) => one);
      const groups = [...new Set(p)].map((value) => ({
        value,
        members: rows.filter(([one]) => one === value),
      }));
      const grouped = {
        weight: groups.map(({ members }) => members.length),
        buyers: groups.map(({ members }) => members.filter(([, one]) => one === 1).length),
      };
      const values = groups.map(({ value }) => value);
      expect(logLoss(values, grouped)).toBeCloseTo(logLoss(p, single(bought)), 10);
      expect(brier(values, grouped)).toBeCloseTo(brier(p, single(bought)), 10);
      expect(baseLogLoss(grouped)).toBeCloseTo(baseLogLoss(single(bought)), 10);
      const whole = auc(p, single(bought));
      if (whole === null) expect(auc(values, grouped)).toBeNull();
      else expect(auc(values, grouped)).toBeCloseTo(whole, 10);
    }),
  );
});

describe("calibration", () => {
  it("is perfect when shares are as predicted", () => {
    const p = Array.from({ length: 1000 }, (_, i) => (i < 500 ? 0.2 : 0.6));
    const bought = p.map((one, i) => (i % 10 < one * 10 ? 1 : 0));
    expect(calibrationError(p, single(bought))).toBeCloseTo(0, 12);
    expect(calibrationBins(p, single(bought))).toHaveLength(2);
  });

  it("has ten bins of equal size where probabilities differ", () => {
    const p = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const bins = calibrationBins(p, single(p.map(() => 0)));
    expect(bins.map((bin) => bin.customers)).toEqual(Array.from({ length: 10 }, () => 100));
  });

  it("is the mean gap when all are predicted too high", () => {
    expect(calibrationError([0.5, 0.5, 0.5], single([0, 0, 0]))).toBeCloseTo(0.5, 12);
  });
});
