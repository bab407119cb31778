import { beforeAll, describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration, inWeeks } from "../../tests/stores/papers.ts";
import { cdnow, cdnowSample } from "../../tests/stores/read.ts";
import { compressHistories } from "../histories/histories.ts";
import type { Summary } from "../histories/summary.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { bgPurchasesProbability, fitBgNbd } from "./bg-nbd.ts";
import { ExpectedOrders } from "./expected-orders.ts";

/** Fader, Hardie and Lee 2005, table 2; time in weeks. */
const PUBLISHED = { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 };

let sample: Summary;
beforeAll(() => {
  sample = calibration(cdnowSample());
});

describe("BG/NBD on the CDNOW sample (Fader, Hardie and Lee 2005)", () => {
  it("has the published log likelihood at the published parameters", () => {
    const { r, alpha, a, b } = PUBLISHED;
    const objective = betaGeometricObjective(compressHistories(sample), 0);
    const point = Float64Array.from([r, alpha * 7, a, b], Math.log);
    const value = inWeeks(-objective(point, new Float64Array(4)), sample);
    expect(Math.abs(value - -9582.429)).toBeLessThan(0.004);
  });

  it("finds the published optimum without a prior", () => {
    const fit = fitBgNbd(compressHistories(sample), { prior: false });
    expect(inWeeks(fit.logLikelihood, sample)).toBeGreaterThanOrEqual(-9582.4295);
    expect(fit.r / PUBLISHED.r).toBeCloseTo(1, 3);
    expect(fit.alpha / 7 / PUBLISHED.alpha).toBeCloseTo(1, 3);
    expect(fit.a / PUBLISHED.a).toBeCloseTo(1, 3);
    expect(fit.b / PUBLISHED.b).toBeCloseTo(1, 3);
  });

  it("expects 1653.4 purchases in weeks 40 to 78", () => {
    const { r, alpha, a, b } = fitBgNbd(compressHistories(sample), { prior: false });
    const orders = new ExpectedOrders({ r, alpha, a, b, atFirst: 0 }, 39 * 7);
    let total = 0;
    for (let i = 0; i < sample.customers; i++) {
      total += orders.of({
        frequency: sample.frequency[i],
        recency: sample.recencyDays[i],
        age: sample.ageDays[i],
      });
    }
    expect(Math.abs(total - 1653.4)).toBeLessThan(0.1);
  });

  it("expects the published number of purchases of a new customer over time", () => {
    const model = { ...PUBLISHED, atFirst: 0 as const };
    const published = [
      [0.1429, 0.0078],
      [1, 0.0532],
      [3, 0.1506],
      [31.857, 1.0405],
      [32, 1.0437],
      [78, 1.858],
    ];
    for (const [weeks, expected] of published) {
      const value = new ExpectedOrders(model, weeks).ofAlive(0, 0);
      expect(Math.abs(value - expected)).toBeLessThan(0.0006);
    }
  });

  it("expects 1.226 purchases in 39 weeks of the paper's example customer", () => {
    const orders = new ExpectedOrders({ ...PUBLISHED, atFirst: 0 }, 39);
    const expected = orders.of({ frequency: 2, recency: 30.43, age: 38.86 });
    expect(Math.abs(expected - 1.226)).toBeLessThan(0.0006);
  });
});

it("BG/NBD finds the known optimum of the full CDNOW cohort", () => {
  const full = calibration(cdnow());
  const fit = fitBgNbd(compressHistories(full), { prior: false });
  expect(Math.abs(inWeeks(fit.logLikelihood, full) - -95368.44)).toBeLessThan(0.006);
  expect(fit.r).toBeCloseTo(0.2516, 3);
  expect(fit.alpha / 7).toBeCloseTo(4.7889, 2);
  expect(fit.a).toBeCloseTo(0.7234, 3);
  expect(fit.b).toBeCloseTo(2.1611, 2);
});

describe("the distribution of purchases of a BG/NBD customer", () => {
  const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

  it("has the published probabilities", () => {
    expect(bgPurchasesProbability(model, 0, 39)).toBeCloseTo(0.5737864, 6);
    expect(bgPurchasesProbability(model, 10, 2) / 1.07869e-7).toBeCloseTo(1, 5);
  });

  it("sums to one", () => {
    let total = 0;
    for (let x = 0; x < 400; x++) total += bgPurchasesProbability(model, x, 39);
    expect(total).toBeCloseTo(1, 9);
  });
});

it("the gradient equals differences, near the optimum and far away", () => {
  const objective = betaGeometricObjective(compressHistories(sample), 0);
  expectGradient(objective, [-1.4, 3.4, -0.2, 0.9]);
  expectGradient(objective, [1, 2, -2, 2]);
});
