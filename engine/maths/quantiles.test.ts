import { expect, it } from "vitest";

import { lognormalQuantile, normalQuantile } from "./quantiles.ts";

it("normal quantiles equal the tabulated ones", () => {
  for (const [p, z] of [
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.975, 1.959963984540054],
    [0.999, 3.090232306167813],
    [1e-6, -4.753424308822899],
  ]) {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-8);
  }
  expect(normalQuantile(0.01)).toBeCloseTo(-normalQuantile(0.99), 12);
});

it("lognormal quantiles have the mean and the variation asked for", () => {
  const count = 200_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = lognormalQuantile(50, 0.8, (i + 0.5) / count);
    sum += value / count;
    squares += (value * value) / count;
  }
  expect(Math.abs(sum - 50)).toBeLessThan(0.01);
  expect(Math.abs(Math.sqrt(squares / sum ** 2 - 1) - 0.8)).toBeLessThan(0.005);
  expect(lognormalQuantile(50, 0, 0.1)).toBe(50);
});
