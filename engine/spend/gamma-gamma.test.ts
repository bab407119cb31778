import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration, repeatSpend } from "../../tests/stores/papers.ts";
import { cdnow, cdnowSample } from "../../tests/stores/read.ts";
import { summarize } from "../histories/summary.ts";
import { simulateStore } from "../simulate.ts";
import {
  expectedMeanSpend,
  fitGammaGamma,
  gammaGammaObjective,
  spendOf,
  storeMeanSpend,
} from "./gamma-gamma.ts";

/** Fader, Hardie and Lee 2005 (RFM and CLV): repeat purchases of the 946 repeaters. */
const PUBLISHED = { p: 6.2493, q: 3.7443, gamma: 15.4443 };

describe("Gamma-Gamma on the repeat purchases of the CDNOW sample", () => {
  const purchases = cdnowSample();
  const spend = repeatSpend(purchases, calibration(purchases));

  it("has the published log likelihood at the published parameters", () => {
    expect(spend.mean).toHaveLength(946);
    const { p, q, gamma } = PUBLISHED;
    const point = Float64Array.from([p, q - 1, gamma], Math.log);
    const value = -gammaGammaObjective(spend)(point, new Float64Array(3));
    expect(Math.abs(value - -4055.918)).toBeLessThan(0.004);
  });

  it("finds the known optimum without a prior", () => {
    const fit = fitGammaGamma(spend, { prior: false });
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(-4055.9185);
    expect(fit.p / 6.2496).toBeCloseTo(1, 3);
    expect(fit.q / 3.7442).toBeCloseTo(1, 3);
    expect(fit.gamma / 15.4435).toBeCloseTo(1, 3);
  });

  it("has a gradient equal to differences", () => {
    expectGradient(gammaGammaObjective(spend), [1.8, 1, 2.7]);
    expectGradient(gammaGammaObjective(spend), [-1, -2, 5]);
  });
});

it("Gamma-Gamma finds the known optimum of the full CDNOW cohort", () => {
  const purchases = cdnow();
  const fit = fitGammaGamma(repeatSpend(purchases, calibration(purchases)), { prior: false });
  expect(Math.abs(fit.logLikelihood - -40763.48)).toBeLessThan(0.006);
  expect(fit.p / 6.2753).toBeCloseTo(1, 3);
  expect(fit.q / 3.6244).toBeCloseTo(1, 3);
  expect(fit.gamma / 14.984).toBeCloseTo(1, 3);
});

it("expects the published mean spend of single customers", () => {
  const model = { model: "gamma-gamma" as const, p: 6.25, q: 3.74, gamma: 15.44, logLikelihood: 0 };
  for (const [x, mean, expected] of [
    [2, 22.35, 24.66],
    [1, 11.77, 18.92],
    [0, 0, 35.22],
    [7, 73.74, 71.47],
  ]) {
    expect(Math.abs(expectedMeanSpend(model, x, mean) - expected)).toBeLessThan(0.006);
  }
});

describe("the weak prior on spend", () => {
  it("keeps the mean of the model near the store's in samples of 25 customers", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { purchases } = simulateStore({ seed, customers: 25, startDay: 0, endDay: 400 });
      const spend = spendOf(summarize(purchases, 400));
      const fit = fitGammaGamma(spend);
      const modelMean = (fit.p * fit.gamma) / (fit.q - 1);
      expect(fit.q).toBeGreaterThan(1);
      expect(modelMean / storeMeanSpend(spend)).toBeGreaterThan(0.4);
      expect(modelMean / storeMeanSpend(spend)).toBeLessThan(4);
    }
  });

  it("handles a store where everything costs the same", () => {
    const spend = { purchases: Int32Array.from([1, 2, 3]), mean: Float64Array.from([9, 9, 9]) };
    const fit = fitGammaGamma(spend);
    expect(expectedMeanSpend(fit, 2, 9)).toBeGreaterThan(7);
    expect(expectedMeanSpend(fit, 2, 9)).toBeLessThan(11);
  });

  it("handles a store without any positive amount", () => {
    const nothing = { frequency: Int32Array.from([0, 3]), meanSpend: Float64Array.from([0, -5]) };
    const fit = fitGammaGamma(spendOf(nothing));
    expect(spendOf(nothing).mean).toHaveLength(0);
    expect(Number.isFinite(expectedMeanSpend(fit, 4, -5))).toBe(true);
  });
});

it("the spend of a store does not depend on the order of its customers", () => {
  const customers = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -10, max: 5000 })));
  fc.assert(
    fc.property(customers, (rows) => {
      const spend = (order: typeof rows) =>
        spendOf({
          frequency: Int32Array.from(order, (row) => row[0]),
          meanSpend: Float64Array.from(order, (row) => row[1] / 7),
        });
      expect(spend([...rows].reverse())).toEqual(spend(rows));
    }),
  );
});
