import { expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { calibration, inWeeks } from "../../tests/stores/papers.ts";
import { cdnowSample } from "../../tests/stores/read.ts";
import { compressHistories } from "../histories/histories.ts";
import { fitNbd, nbdObjective } from "./nbd.ts";

const sample = calibration(cdnowSample());
const histories = compressHistories(sample);

it("NBD has the known log likelihood at the known parameters", () => {
  const point = Float64Array.from([0.38477, 12.0721 * 7], Math.log);
  const value = inWeeks(-nbdObjective(histories)(point, new Float64Array(2)), sample);
  expect(Math.abs(value - -9763.66)).toBeLessThan(0.004);
});

it("NBD finds the known optimum without a prior", () => {
  const fit = fitNbd(histories, { prior: false });
  expect(fit.r / 0.38477).toBeCloseTo(1, 3);
  expect(fit.alpha / 7 / 12.0721).toBeCloseTo(1, 3);
});

it("NBD's gradient equals differences", () => {
  expectGradient(nbdObjective(histories), [-1, 4]);
  expectGradient(nbdObjective(histories), [2, 1]);
});
