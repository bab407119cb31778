import fc from "fast-check";
import { expect, it } from "vitest";

import { Histogram, readRhythm } from "./rhythm.ts";

const purchases = {
  customer: Int32Array.from([0, 0, 0, 1, 2, 2]),
  day: Int32Array.from([0, 10, 40, 100, 120, 125]),
  amount: new Float64Array(6),
  customers: 3,
};

it("reads gaps, second purchases and the pace of growth before the as-of day", () => {
  expect(readRhythm(purchases, 126)).toEqual({
    customers: 3,
    repeatCustomers: 2,
    firstDay: 0,
    lastDay: 125,
    medianGapDays: 10,
    secondPurchaseDays: 10,
    recentCustomers: 2,
    recentRepeatCustomers: 1,
  });
  expect(readRhythm(purchases, 125)).toMatchObject({ repeatCustomers: 1, lastDay: 120 });
});

it("is empty for an empty store", () => {
  expect(readRhythm(purchases, 0)).toMatchObject({
    customers: 0,
    firstDay: null,
    medianGapDays: null,
    secondPurchaseDays: null,
  });
});

it("a quantile is the smallest value that enough values do not exceed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5000), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const histogram = new Histogram();
        values.forEach((value) => histogram.add(value));
        const quantile = histogram.quantile(share) ?? -1;
        const upTo = values.filter((value) => value <= quantile).length;
        const below = values.filter((value) => value < quantile).length;
        expect(upTo).toBeGreaterThanOrEqual(share * values.length);
        expect(below).toBeLessThan(share * values.length);
      },
    ),
  );
});
