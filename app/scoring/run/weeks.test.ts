import { describe, expect, it } from "vitest";

import { RECONSTRUCTED_WEEKS, weeksToReconstruct } from "./weeks.ts";

describe("the weeks before the first scoring", () => {
  it("are thirteen, a week apart, oldest first", () => {
    const weeks = weeksToReconstruct(RECONSTRUCTED_WEEKS, 1000, []);
    expect(weeks).toHaveLength(13);
    expect(weeks[0]).toBe(909);
    expect(weeks[12]).toBe(993);
  });

  it("are reconstructed only once", () => {
    const all = weeksToReconstruct(RECONSTRUCTED_WEEKS, 1000, []);
    expect(weeksToReconstruct(RECONSTRUCTED_WEEKS, 1000, all.slice(0, 5))).toEqual(all.slice(5));
    expect(weeksToReconstruct(RECONSTRUCTED_WEEKS, 1000, all)).toEqual([]);
  });
});
