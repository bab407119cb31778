import { describe, expect, it } from "vitest";

import { Random } from "../maths/random.ts";
import { candidates } from "../models/candidates.ts";
import { type CandidatePredictions, modelWeights } from "./optimal-weights.ts";

const MBG = candidates.indexOf("mbg-nbd");
const REGULAR = candidates.indexOf("mbg-cnbd-3");
const NBD = candidates.indexOf("nbd");

/**
 * A window with a known true probability of each row; `said` turns it into each model's prediction.
 */
function window(
  seed: number,
  said: (truth: number, candidate: number) => number,
): CandidatePredictions {
  const random = new Random(seed);
  const truth = Float64Array.from({ length: 3000 }, () => 0.05 + 0.9 * random.uniform());
  return {
    probabilities: candidates.map((_, k) => truth.map((chance) => said(chance, k))),
    rows: {
      weight: new Uint8Array(truth.length).fill(1),
      buyers: truth.map((chance) => (random.uniform() < chance ? 1 : 0)),
    },
  };
}

const usual = modelWeights([]);
const alike = (truth: number) => truth;
const tilted = (chance: number, by: number) => 1 / (1 + ((1 - chance) / chance) * Math.exp(by));

describe("weights of the models", () => {
  it("sum to one, whatever the windows", () => {
    const seen = [window(1, alike), window(2, (truth, k) => tilted(truth, k / 3))];
    for (const windows of [[], seen.slice(1), seen]) {
      const weights = modelWeights(windows);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
    }
  });

  it("stay at the prior where the models predict the same", () => {
    modelWeights([window(3, alike)]).forEach((weight, k) =>
      expect(weight).toBeCloseTo(usual[k], 3),
    );
  });

  it("go to the one model that is right where the others are far off", () => {
    const seen = [4, 12, 13].map((seed) =>
      window(seed, (truth, k) => (k === REGULAR ? truth : tilted(truth, 2))),
    );
    expect(modelWeights(seen)[REGULAR]).toBeGreaterThan(0.85);
  });

  it("keep a model that is slightly worse alone but errs in the other direction", () => {
    const opposed = window(5, (truth, k) => tilted(truth, k === NBD ? 0.7 : -0.6));
    const weights = modelWeights([opposed]);
    expect(weights[NBD]).toBeGreaterThan(usual[NBD]);
    expect(weights[MBG]).toBeGreaterThan(usual[NBD]);
  });

  it("move further with every window that agrees", () => {
    const windows = [6, 7, 8, 9].map((seed) =>
      window(seed, (truth, k) => (k === REGULAR ? truth : tilted(truth, 0.3))),
    );
    const after = (count: number) => modelWeights(windows.slice(0, count))[REGULAR];
    expect(after(1)).toBeGreaterThan(usual[REGULAR]);
    expect(after(4)).toBeGreaterThan(after(1));
  });
});

it("in a large store weights between 8 and 16 % are reduced continuously", () => {
  const leaning = (by: number) =>
    window(10, (truth, k) => (k === MBG ? truth : tilted(truth, k === NBD ? by : 0.5)));
  let before = modelWeights([leaning(0)], true);
  expect(before.filter((weight) => weight > 0).length).toBeLessThan(usual.length);
  for (let by = 0.01; by < 0.6; by += 0.01) {
    const after = modelWeights([leaning(by)], true);
    after.forEach((weight, k) => expect(Math.abs(weight - before[k])).toBeLessThan(0.1));
    before = after;
  }
});
