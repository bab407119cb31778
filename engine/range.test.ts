import { describe, expect, test } from "vitest";
import { cdnowSample, giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { rollingTotals, totalRange } from "./range.ts";
import { simulateStore } from "./simulate.ts";

describe("the range of a store's total", () => {
  test("is far wider than the error of the parameters", () => {
    const when = { asOfDay: dayOf("1998-01-01"), horizonDays: 90, firstDay: dayOf("1997-01-01") };
    const { low, high, spread, parameterError } = totalRange(cdnowSample(), when);
    expect(spread).toBeGreaterThan(2 * parameterError);
    expect(parameterError).toBeGreaterThan(0.01);
    expect(low).toBeGreaterThan(0.6);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1);
  });

  test("holds the gift shop's strong autumn, which no model saw coming", () => {
    const store = giftware();
    const asOfDay = dayOf("2010-09-01");
    const when = { asOfDay, horizonDays: 90, firstDay: dayOf("2009-12-01") };
    const { low, high } = totalRange(store, when);
    const [{ expected, actual }] = rollingTotals(store, { ...when, asOfDay: asOfDay + 90 });
    expect(actual).toBeGreaterThan(low * expected);
    expect(actual / expected / high).toBeLessThan(1.1);
  });

  test("is that of any store where no window has passed yet", () => {
    const { purchases } = simulateStore({ seed: 1, customers: 500, startDay: 0, endDay: 100 });
    const range = totalRange(purchases, { asOfDay: 100, horizonDays: 90, firstDay: 0 });
    expect(range.windows).toEqual([]);
    expect(range.spread).toBeGreaterThanOrEqual(0.2);
  });
});

test("rolling windows use nothing that came after them", () => {
  const { purchases } = simulateStore({ seed: 1, customers: 800, startDay: 0, endDay: 600 });
  const when = { horizonDays: 90, firstDay: 0 };
  const now = rollingTotals(purchases, { ...when, asOfDay: 600 });
  const then = rollingTotals(purchases, { ...when, asOfDay: 510 });
  expect(now.find((window) => window.cutoffDay === 420)).toEqual(then[0]);
  expect(now[0].cutoffDay).toBe(510);
});
