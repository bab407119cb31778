import { expect } from "vitest";

type Objective = (point: Float64Array, gradient: Float64Array) => number;

/**
 * Expects an analytic gradient to equal central differences. With a step of 1e-5 their error is about 1e-9 of the
 * value (rounding) and 1e-10 of the third derivative, hence a relative tolerance of 1e-5.
 */
export function expectGradient(objective: Objective, point: number[]): void {
  const gradient = new Float64Array(point.length);
  const value = objective(Float64Array.from(point), gradient);
  point.forEach((_, i) => {
    const at = (step: number) =>
      objective(
        Float64Array.from(point, (coordinate, j) => (i === j ? coordinate + step : coordinate)),
        new Float64Array(point.length),
      );
    const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
    const error = Math.abs(gradient[i] - difference);
    expect(error, `component ${i}`).toBeLessThan(
      1e-5 * Math.abs(difference) + 1e-8 * Math.abs(value) + 1e-6,
    );
  });
}
