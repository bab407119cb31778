import { describe, expect, it } from "vitest";

import { cdnowSample, giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { fitStore } from "./fit.ts";
import { type Purchases, summarize } from "./histories/summary.ts";
import { totalRange } from "./range.ts";
import { simulateStore } from "./simulate.ts";

function rangeOf(purchases: Purchases, asOfDay: number) {
  const summary = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, horizonDays: 90, evenIfRefused: true };
  const result = fitStore(summary, purchases, { ...options, rehearse: true });
  if (result.kind === "refused") throw new Error("fitted even if refused");
  return totalRange(summary, result.fit);
}

describe("the range of a store's total", { timeout: 180_000 }, () => {
  it("is far wider than the error of the parameters", () => {
    const { low, high, spread, parameterError } = rangeOf(cdnowSample(), dayOf("1998-01-01"));
    expect(spread).toBeGreaterThan(2 * parameterError);
    expect(parameterError).toBeGreaterThan(0.01);
    expect(low).toBeGreaterThan(0.6);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1);
  });

  it("uses past windows predicted in the same way, from what was known before each", () => {
    const store = giftware();
    const asOfDay = dayOf("2010-09-01");
    const { windows } = rangeOf(store, asOfDay);
    expect(windows.map(({ cutoffDay }) => asOfDay - cutoffDay)).toEqual([90, 135, 180]);
    const [{ cutoffDay, actual }] = windows;
    let spent = 0;
    const known = new Set(summarize(store, cutoffDay).index);
    store.day.forEach((day, i) => {
      if (day >= cutoffDay && day < asOfDay && known.has(store.customer[i]))
        spent += store.amount[i];
    });
    expect(actual).toBeCloseTo(spent, 3);
    const later = rangeOf(withoutLater(store, asOfDay), asOfDay);
    expect(later.windows).toEqual(windows);
  });

  it("is at least that of the prior without a past window", () => {
    const { purchases } = simulateStore({ seed: 1, customers: 500, startDay: 0, endDay: 100 });
    const range = rangeOf(purchases, 100);
    expect(range.windows).toEqual([]);
    expect(range.spread).toBeGreaterThanOrEqual(0.2);
  });
});

function withoutLater({ customer, day, amount, customers }: Purchases, asOfDay: number): Purchases {
  const keep = (_: number, i: number) => day[i] < asOfDay;
  return {
    customer: customer.filter(keep),
    day: day.filter(keep),
    amount: amount.filter(keep),
    customers,
  };
}
