import { beforeAll, describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration, inWeeks } from "../../tests/stores/papers.ts";
import { cdnow, cdnowSample } from "../../tests/stores/read.ts";
import { summaryOf } from "../../tests/stores/summaries.ts";
import { compressHistories } from "../histories/histories.ts";
import type { Summary } from "../histories/summary.ts";
import { fitParetoNbd, paretoObjective } from "./pareto-nbd.ts";

/** Fader, Hardie and Lee 2005, table 2; time in weeks. */
const PUBLISHED = [0.5533, 10.578, 0.6061, 11.66];

let sample: Summary;
beforeAll(() => {
  sample = calibration(cdnowSample());
});

describe("Pareto/NBD on the CDNOW sample (Fader, Hardie and Lee 2005)", () => {
  it("has the published log likelihood at the published parameters", () => {
    const [r, alpha, s, beta] = PUBLISHED;
    const point = Float64Array.from([r, alpha * 7, s, beta * 7], Math.log);
    const value = -paretoObjective(compressHistories(sample))(point, new Float64Array(4));
    expect(Math.abs(inWeeks(value, sample) - -9594.976)).toBeLessThan(0.004);
  });

  it("finds the published optimum without a prior", () => {
    const fit = fitParetoNbd(compressHistories(sample), { prior: false });
    expect(inWeeks(fit.logLikelihood, sample)).toBeGreaterThanOrEqual(-9594.9765);
    expect(fit.r / 0.5533).toBeCloseTo(1, 3);
    expect(fit.alpha / 7 / 10.578).toBeCloseTo(1, 3);
    expect(fit.s / 0.6062).toBeCloseTo(1, 3);
    expect(fit.beta / 7 / 11.669).toBeCloseTo(1, 3);
  });
});

it("Pareto/NBD finds the known optimum of the full CDNOW cohort", () => {
  const full = calibration(cdnow());
  const fit = fitParetoNbd(compressHistories(full), { prior: false });
  expect(Math.abs(inWeeks(fit.logLikelihood, full) - -95415.12)).toBeLessThan(0.006);
  expect(fit.r / 0.5974).toBeCloseTo(1, 3);
  expect(fit.alpha / 7 / 11.585).toBeCloseTo(1, 3);
  expect(fit.s / 0.5222).toBeCloseTo(1, 3);
  expect(fit.beta / 7 / 8.83).toBeCloseTo(1, 3);
});

it("the gradient equals differences, near the optimum and far away", () => {
  const objective = paretoObjective(compressHistories(sample));
  expectGradient(objective, [-0.6, 4.3, -0.5, 4.4]);
  expectGradient(objective, [1, 2, 1, 6]);
  expectGradient(objective, [-1, 6, -1.5, 2]);
});

it("stays finite for customers with hundreds of purchases, and for one who stopped long ago", () => {
  const rows: [number, number, number, number][] = [
    [221, 724, 725, 1],
    [161, 663, 686, 1],
    [204, 690, 696, 1],
    [1000, 1000, 9000, 1],
  ];
  const objective = paretoObjective(compressHistories(summaryOf(rows)));
  const gradient = new Float64Array(4);
  expect(Number.isFinite(objective(Float64Array.from([-0.6, 4.3, -0.5, 4.4]), gradient))).toBe(
    true,
  );
  expect(gradient.every(Number.isFinite)).toBe(true);
});
