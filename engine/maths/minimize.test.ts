import { expect, it } from "vitest";

import { minimize } from "./minimize.ts";

/** Rosenbrock's valley, whose minimum lies at (1, 1). */
function rosenbrock(point: Float64Array, gradient: Float64Array): number {
  const [x, y] = point;
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}

it("finds the bottom of a curved valley from both sides", () => {
  for (const start of [
    [-1.2, 1],
    [3, -2],
  ]) {
    const minimum = minimize(rosenbrock, start);
    expect(minimum.converged).toBe(true);
    expect(minimum.point[0]).toBeCloseTo(1, 8);
    expect(minimum.point[1]).toBeCloseTo(1, 8);
    expect(minimum.evaluations).toBeLessThan(100);
  }
});

it("steps back from where the function is not finite", () => {
  const minimum = minimize(
    ([x], gradient) => {
      gradient[0] = 1 - 1 / x;
      return x > 0 ? x - Math.log(x) : Infinity;
    },
    [20],
  );
  expect(minimum.point[0]).toBeCloseTo(1, 6);
});

it("reports when the evaluations run out", () => {
  const minimum = minimize(rosenbrock, [-1.2, 1], { maxEvaluations: 5 });
  expect(minimum.converged).toBe(false);
  expect(minimum.value).toBeLessThan(24.2);
});

it("stays finite where the function has no minimum", () => {
  const minimum = minimize(
    ([x], gradient) => {
      gradient[0] = -1;
      return -x;
    },
    [0],
  );
  expect(Number.isFinite(minimum.value)).toBe(true);
});
