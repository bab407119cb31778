import { describe, expect, it } from "vitest";

import { calibration } from "../../tests/stores/papers.ts";
import { cdnowSample } from "../../tests/stores/read.ts";
import { compressHistories } from "../histories/histories.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { fitBgNbd } from "./bg-nbd.ts";
import { covariance, errorOf, standardErrors } from "./laplace.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { fitParetoNbd, paretoObjective } from "./pareto-nbd.ts";

const histories = compressHistories(calibration(cdnowSample()));
const ln = (...values: number[]) => Float64Array.from(values, Math.log);

/** Standard errors with times in weeks: α (and β) seven times smaller than in days. */
function inWeeks(errors: Float64Array, ...times: number[]): number[] {
  return [...errors].map((error, i) => (times.includes(i) ? error / 7 : error));
}

function expectNear(values: number[], expected: number[]): void {
  values.forEach((value, i) => expect(Math.abs(value / expected[i] - 1)).toBeLessThan(0.01));
}

describe("standard errors on the CDNOW sample without a prior", () => {
  it("are the known ones for Pareto/NBD", () => {
    const fit = fitParetoNbd(histories, { prior: false });
    const point = ln(fit.r, fit.alpha, fit.s, fit.beta);
    const covariances = covariance(paretoObjective(histories), point, null)!;
    expectNear(inWeeks(standardErrors(point, covariances), 1, 3), [0.0476, 0.8427, 0.1873, 6.211]);
  });

  it("are the known ones for BG/NBD", () => {
    const fit = fitBgNbd(histories, { prior: false });
    const point = ln(fit.r, fit.alpha, fit.a, fit.b);
    const covariances = covariance(betaGeometricObjective(histories, 0), point, null)!;
    expectNear(inWeeks(standardErrors(point, covariances), 1), [0.0126, 0.378, 0.186, 0.705]);
  });

  it("are the known ones for MBG/NBD", () => {
    const fit = fitMbgNbd(histories, { prior: false });
    const point = ln(fit.r, fit.alpha, fit.a, fit.b);
    const covariances = covariance(betaGeometricObjective(histories, 1), point, null)!;
    expectNear(inWeeks(standardErrors(point, covariances), 1), [0.083, 0.696, 0.155, 0.538]);
  });
});

it("a prior makes errors smaller, and finite where there is no data", () => {
  const nothing = (_: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    return 0;
  };
  const point = ln(1, 1);
  expect(covariance(nothing, point, null)).toBeNull();
  expect([...covariance(nothing, point, { centre: [0, 0] })!]).toEqual([1, 0, 0, 1]);
});

it("the error of a sum follows from those of its parts", () => {
  const covariances = Float64Array.from([4, 1, 1, 9]);
  expect(errorOf(Float64Array.from([1, 1]), covariances)).toBeCloseTo(Math.sqrt(15), 12);
});
