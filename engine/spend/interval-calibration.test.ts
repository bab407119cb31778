import { describe, expect, it } from "vitest";

import { Random } from "../maths/random.ts";
import { type IntervalSample, learnIntervals, shiftAbove } from "./interval-calibration.ts";

/** Customers whose ln spend has a larger standard deviation than predicted, by a factor. */
function lessons(count: number, wider: number): IntervalSample[] {
  const random = new Random(6);
  return Array.from({ length: count }, () => {
    const buys = 0.1 + 0.89 * random.uniform();
    const spread = { mean: 50, deviation: 0.8 };
    const ln = Math.log(50) - 0.32 + wider * 0.8 * random.normal();
    return { buys, spread, spent: random.uniform() < buys ? Math.exp(ln) : 0 };
  });
}

describe("the bounds of a customer's spend", () => {
  it("are not shifted where a tenth of the customers lay beyond them", () => {
    const { above, below } = learnIntervals(lessons(20_000, 1));
    for (const move of above) expect(Math.abs(move)).toBeLessThan(0.12);
    expect(Math.abs(below)).toBeLessThan(0.25);
  });

  it("are shifted outward where more did, and less with few customers", () => {
    const many = learnIntervals(lessons(20_000, 1.6));
    expect(many.above[2]).toBeGreaterThan(0.4);
    expect(many.below).toBeLessThan(-0.1);
    const few = learnIntervals(lessons(100, 1.6));
    expect(few.above[2]).toBeLessThan(many.above[2] / 2);
    expect(learnIntervals([])).toEqual({ above: [0, 0, 0], below: 0 });
  });

  it("have shifts that are continuous in the likelihood", () => {
    const level = { above: [0.5, -0.2, 0.9], below: 0 };
    for (let buys = 0; buys < 1; buys += 0.01) {
      expect(Math.abs(shiftAbove(level, buys + 0.01) - shiftAbove(level, buys))).toBeLessThan(0.04);
    }
  });
});
