import { beforeAll, describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration, inWeeks } from "../../tests/stores/papers.ts";
import { cdnow, cdnowSample } from "../../tests/stores/read.ts";
import { compressHistories } from "../histories/histories.ts";
import { summarize, type Summary } from "../histories/summary.ts";
import { simulateStore } from "../simulate.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { ExpectedOrders } from "./expected-orders.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";

/** Time in weeks, as published; our own fits are in days. */
const PUBLISHED = { r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 };

let sample: Summary;
beforeAll(() => {
  sample = calibration(cdnowSample());
});

function lnLikelihoodAt(summary: Summary, weeks: typeof PUBLISHED): number {
  const point = [weeks.r, weeks.alpha * 7, weeks.a, weeks.b].map(Math.log);
  const objective = betaGeometricObjective(compressHistories(summary), 1);
  return inWeeks(-objective(Float64Array.from(point), new Float64Array(4)), summary);
}

describe("MBG/NBD on the CDNOW sample", () => {
  it("has the known log likelihood at the known parameters", () => {
    expect(Math.abs(lnLikelihoodAt(sample, PUBLISHED) - -9582.136)).toBeLessThan(0.004);
  });

  it("finds the known optimum without a prior", () => {
    const fit = fitMbgNbd(compressHistories(sample), { prior: false });
    expect(inWeeks(fit.logLikelihood, sample)).toBeGreaterThanOrEqual(-9582.1364);
    expect(fit.r / PUBLISHED.r).toBeCloseTo(1, 3);
    expect(fit.alpha / 7 / PUBLISHED.alpha).toBeCloseTo(1, 3);
    expect(fit.a / PUBLISHED.a).toBeCloseTo(1, 3);
    expect(fit.b / PUBLISHED.b).toBeCloseTo(1, 3);
  });

  it("expects 1576.7 purchases in weeks 40 to 78", () => {
    const fit = fitMbgNbd(compressHistories(sample), { prior: false });
    const orders = new ExpectedOrders({ ...fit, atFirst: 1 }, 39 * 7);
    let total = 0;
    for (let i = 0; i < sample.customers; i++) {
      total += orders.of({
        frequency: sample.frequency[i],
        recency: sample.recencyDays[i],
        age: sample.ageDays[i],
      });
    }
    expect(Math.abs(total - 1576.7)).toBeLessThan(0.1);
  });
});

it("MBG/NBD finds the known optimum of the full CDNOW cohort", () => {
  const full = calibration(cdnow());
  const fit = fitMbgNbd(compressHistories(full), { prior: false });
  expect(Math.abs(inWeeks(fit.logLikelihood, full) - -95336.96)).toBeLessThan(0.006);
  expect(fit.r).toBeCloseTo(0.63714, 3);
  expect(fit.alpha / 7).toBeCloseTo(7.31028, 2);
  expect(fit.a).toBeCloseTo(0.80748, 3);
  expect(fit.b).toBeCloseTo(1.2284, 3);
});

it("the gradient equals differences, near the optimum and far away", () => {
  const objective = betaGeometricObjective(compressHistories(sample), 1);
  expectGradient(objective, [-0.6, 3.8, -0.1, 0.5]);
  expectGradient(objective, [1, 2, -2, 2]);
});

describe("the weak prior", () => {
  it("keeps the parameters within bounds in 40 samples of 25 customers", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { purchases } = simulateStore({ seed, customers: 25, startDay: 0, endDay: 400 });
      const fit = fitMbgNbd(compressHistories(summarize(purchases, 400)));
      expect(fit.r).toBeGreaterThan(0.05);
      expect(fit.r).toBeLessThan(10);
      expect(fit.alpha).toBeGreaterThan(2);
      expect(fit.alpha).toBeLessThan(2000);
      expect(fit.a / (fit.a + fit.b)).toBeGreaterThan(0.01);
      expect(fit.a / (fit.a + fit.b)).toBeLessThan(0.95);
    }
  });

  it("hardly moves a fit to thousands of customers", () => {
    const histories = compressHistories(sample);
    const free = fitMbgNbd(histories, { prior: false });
    const held = fitMbgNbd(histories);
    expect(free.logLikelihood - held.logLikelihood).toBeGreaterThanOrEqual(0);
    expect(free.logLikelihood - held.logLikelihood).toBeLessThan(0.01);
  });

  it("alone decides for a store without customers", () => {
    const fit = fitMbgNbd(compressHistories(summarize(emptyStore(), 10)));
    expect(fit.r).toBeCloseTo(Math.exp(-0.7), 6);
    expect(fit.alpha).toBeCloseTo(Math.exp(-1), 6);
  });
});

it("recovers the parameters of a simulated store", () => {
  const truth = { r: 0.8, alpha: 250, a: 0.7, b: 2.5 };
  const { purchases } = simulateStore({
    seed: 7,
    customers: 60_000,
    startDay: 0,
    endDay: 900,
    likelihood: truth,
  });
  const fit = fitMbgNbd(compressHistories(summarize(purchases, 900)));
  // Standard errors are about 1.5 %; whole days and one purchase a day bias r and α by 2 % more.
  expect(Math.abs(fit.r / truth.r - 1)).toBeLessThan(0.06);
  expect(Math.abs(fit.alpha / truth.alpha - 1)).toBeLessThan(0.06);
  expect(Math.abs(fit.a / (fit.a + fit.b) - truth.a / (truth.a + truth.b))).toBeLessThan(0.02);
});

function emptyStore() {
  return {
    customer: new Int32Array(),
    day: new Int32Array(),
    amount: new Float64Array(),
    customers: 0,
  };
}
