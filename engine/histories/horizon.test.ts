import { expect, it } from "vitest";

import { defaultHorizon } from "./horizon.ts";

it("covers two to three median gaps, rounded in ratio", () => {
  expect([4, 15, 28, 34, 70, 140, 400].map((gap) => defaultHorizon(gap, 10_000))).toEqual([
    30, 30, 90, 90, 180, 365, 365,
  ]);
});

it("is never longer than half of the history", () => {
  expect(defaultHorizon(150, 729)).toBe(180);
  expect(defaultHorizon(150, 730)).toBe(365);
  expect(defaultHorizon(28, 179)).toBe(30);
  expect(defaultHorizon(150, 0)).toBe(30);
});

it("is 90 days for a store where nobody has come back, once half a year old", () => {
  expect(defaultHorizon(null, 1000)).toBe(90);
  expect(defaultHorizon(null, 100)).toBe(30);
});
