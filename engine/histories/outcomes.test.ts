import { expect, it } from "vitest";

import { outcomesOf } from "./outcomes.ts";
import { summarize } from "./summary.ts";

it("counts what customers known before the window did in it, and nobody else", () => {
  const purchases = {
    customer: Int32Array.from([0, 0, 0, 1, 2, 3, 3]),
    day: Int32Array.from([1, 10, 12, 2, 11, 3, 20]),
    amount: Float64Array.from([1, 2, 4, 8, 16, 32, 64]),
    customers: 4,
  };
  const outcomes = outcomesOf(purchases, summarize(purchases, 10), [10, 20]);
  expect(outcomes.customers).toBe(3);
  expect(outcomes.buyers).toBe(1);
  expect([...outcomes.bought]).toEqual([1, 0, 0]);
  expect([...outcomes.orders]).toEqual([2, 0, 0]);
  expect([...outcomes.spend]).toEqual([6, 0, 0]);
});
