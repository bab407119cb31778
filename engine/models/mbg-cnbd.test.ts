import { beforeAll, describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration } from "../../tests/stores/papers.ts";
import { cdnowSample } from "../../tests/stores/read.ts";
import { backtest } from "../backtest.ts";
import { compressHistories, type Histories } from "../histories/histories.ts";
import { summarize } from "../histories/summary.ts";
import { simulateStore } from "../simulate.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { fewEvents, fitMbgCnbd, mbgCnbdObjective } from "./mbg-cnbd.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";

let histories: Histories;
beforeAll(() => {
  histories = compressHistories(calibration(cdnowSample()));
});

describe("MBG/CNBD-k", () => {
  it("is MBG/NBD for k = 1", () => {
    const point = Float64Array.from([-0.6, 3.8, -0.1, 0.5]);
    const gradient = new Float64Array(4);
    const plain = new Float64Array(4);
    const value = mbgCnbdObjective(histories, 1)(point, gradient);
    expect(value).toBeCloseTo(betaGeometricObjective(histories, 1)(point, plain), 6);
    gradient.forEach((component, i) => expect(component).toBeCloseTo(plain[i], 6));
    const regular = fitMbgCnbd(histories, 1, { prior: false });
    expect(regular.r).toBeCloseTo(fitMbgNbd(histories, { prior: false }).r, 4);
  });

  it("has a gradient equal to differences for k = 2, 3, 4", () => {
    for (const k of [2, 3, 4]) {
      expectGradient(mbgCnbdObjective(histories, k), [-0.6, 3.2, -0.1, 0.5]);
      expectGradient(mbgCnbdObjective(histories, k), [1, 2, -2, 2]);
    }
  });

  it("weighs few events as the integral over the rate does", () => {
    // ∫ λ^(s−1) e^−λ(1−u) e^−λu Σ_{j<k} (λu)^j/j! dλ / Γ(s), by the trapezoid in ln λ.
    const [shape, u, k] = [2.3, 0.4, 3];
    let sum = 0;
    let norm = 0;
    for (let l = -30; l < 6; l += 0.01) {
      const rate = Math.exp(l);
      const density = Math.exp(shape * l - rate);
      norm += density;
      sum += density * (1 + rate * u + (rate * u) ** 2 / 2);
    }
    expect(fewEvents(shape, u, k).value).toBeCloseTo(sum / norm, 8);
  });
});

describe("in a simulated store with regular gaps", { timeout: 180_000 }, () => {
  const truth = { r: 1.5, alpha: 20, a: 0.6, b: 3 };
  const { purchases } = simulateStore({
    seed: 12,
    customers: 6000,
    startDay: 0,
    endDay: 700,
    likelihood: truth,
    regularity: 3,
  });

  it("the parameters are recovered", () => {
    const fit = fitMbgCnbd(compressHistories(summarize(purchases, 700)), 3);
    expect(Math.abs(fit.r / truth.r - 1)).toBeLessThan(0.1);
    expect(Math.abs(fit.alpha / truth.alpha - 1)).toBeLessThan(0.1);
    expect(Math.abs(fit.a / (fit.a + fit.b) - 0.6 / 3.6)).toBeLessThan(0.02);
  });

  it("past windows favour it, and it predicts better and with the right total", () => {
    const result = backtest(purchases, { cutoffDay: 600, horizonDays: 30 })!;
    const [selected, plain] = result.models;
    expect(result.fit.learned.chosen).toContain("mbg-cnbd-3");
    expect(selected.logLoss).toBeLessThan(plain.logLoss - 0.005);
    const regular = result.models.find(({ model }) => model === "mbg-cnbd-3")!;
    expect(Math.abs(regular.ordersBias!)).toBeLessThan(0.1);
  });
});
