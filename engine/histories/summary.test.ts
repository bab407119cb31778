import { describe, expect, it } from "vitest";

import { summarize } from "./summary.ts";

const purchases = {
  customer: Int32Array.from([0, 0, 0, 2, 3, 3]),
  day: Int32Array.from([10, 15, 40, 12, 41, 45]),
  amount: Float64Array.from([5, 7, 9, 3, 1, 1]),
  customers: 4,
};

describe("summarize", () => {
  it("counts purchase days after the first, and days to the last purchase and to the as-of day", () => {
    const summary = summarize(purchases, 41);
    expect(summary.customers).toBe(2);
    expect([...summary.index]).toEqual([0, 2]);
    expect([...summary.frequency]).toEqual([2, 0]);
    expect([...summary.recencyDays]).toEqual([30, 0]);
    expect([...summary.ageDays]).toEqual([31, 29]);
    expect([...summary.meanSpend]).toEqual([7, 3]);
  });

  it("ignores the as-of day and later", () => {
    const summary = summarize(purchases, 40);
    expect([...summary.frequency]).toEqual([1, 0]);
    expect([...summary.meanSpend]).toEqual([6, 3]);
    expect(summarize(purchases, 10).customers).toBe(0);
    expect(summarize(purchases, 46).customers).toBe(3);
  });
});
