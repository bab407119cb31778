import { describe, expect, it } from "vitest";

import { Random } from "./random.ts";
import { type Design, regress, solvePositive } from "./regression.ts";

function drawn(outcomeOf: (z: number, random: Random) => number): Design {
  const random = new Random(3);
  const rows = 20_000;
  const [first, second] = [new Float64Array(rows), new Float64Array(rows)];
  const window = new Uint8Array(rows);
  const outcome = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    first[row] = 3 + 2 * random.normal();
    second[row] = 0.5 * first[row] + random.normal();
    window[row] = row % 2;
    outcome[row] = outcomeOf(0.4 * first[row] - 0.7 * second[row] - 1 + window[row], random);
  }
  const weight = new Float64Array(rows).fill(1);
  return { features: [first, second], window, windows: 2, weight, outcome };
}

describe("a regression with an intercept for each window", () => {
  it("recovers the coefficients of probabilities", () => {
    const design = drawn((z, random) => (random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));
    const [first, second] = regress(design, "logistic", { centre: [0, 0], ridge: 1 });
    expect(first).toBeCloseTo(0.4, 1);
    expect(second).toBeCloseTo(-0.7, 1);
  });

  it("recovers the coefficients of amounts, however they vary", () => {
    const design = drawn((z, random) => Math.exp(z) * random.gamma(0.5, 0.5));
    const [first, second] = regress(design, "amount", { centre: [0, 0], ridge: 1 });
    expect(first).toBeCloseTo(0.4, 1);
    expect(second).toBeCloseTo(-0.7, 1);
  });

  it("moves towards the centre continuously as the ridge grows", () => {
    const design = drawn((z, random) => (random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));
    let before = regress(design, "logistic", { centre: [1, 0], ridge: 1e2 })[0];
    for (let ridge = 1e2; ridge < 1e7; ridge *= 1.2) {
      const [first] = regress(design, "logistic", { centre: [1, 0], ridge });
      expect(first).toBeGreaterThan(before - 1e-6);
      expect(first - before).toBeLessThan(0.06);
      before = first;
    }
    expect(before).toBeCloseTo(1, 2);
  });

  it("returns the centre without any rows", () => {
    const none = new Float64Array(0);
    const empty = { features: [none], window: new Uint8Array(0), windows: 1, weight: none };
    expect(regress({ ...empty, outcome: none }, "logistic", { centre: [1], ridge: 10 })).toEqual([
      1,
    ]);
  });
});

it("a system that is not positive definite has no solution", () => {
  expect(solvePositive(Float64Array.from([1, 2, 2, 1]), Float64Array.from([1, 1]))).toBeNull();
  const solved = solvePositive(Float64Array.from([4, 2, 2, 3]), Float64Array.from([8, 7]))!;
  expect(solved[0]).toBeCloseTo(1.25, 12);
  expect(solved[1]).toBeCloseTo(1.5, 12);
});
