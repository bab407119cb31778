import { describe, expect, it } from "vitest";

import { cdnow, giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { type Backtest, backtest } from "./backtest.ts";
import { simulateStore } from "./simulate.ts";

const model = (result: Backtest, name: string) => result.models.find((one) => one.model === name)!;
const baseline = (result: Backtest, name: string) =>
  result.baselines.find((one) => one.baseline === name)!;

describe("a backtest", { timeout: 180_000 }, () => {
  it("gives the known figures for CDNOW at 1998-01-01", () => {
    const result = backtest(cdnow(), { cutoffDay: dayOf("1998-01-01"), horizonDays: 90 })!;
    expect(result.baseRate).toBeCloseTo(0.162, 3);
    expect(baseline(result, "rfm").auc).toBeCloseTo(0.801, 2);
    expect(model(result, "mbg-nbd").auc).toBeCloseTo(0.796, 3);
    expect(model(result, "selected").logLoss).toBeLessThan(0.353);
    expect(model(result, "selected").value.gini).toBeGreaterThan(
      baseline(result, "past-spend").value.gini!,
    );
  });

  it("beats every baseline rule that uses no amounts, in the gift shop", () => {
    const result = backtest(giftware(), { cutoffDay: dayOf("2010-07-01"), horizonDays: 90 })!;
    const selected = model(result, "selected");
    for (const { auc, usesSpend } of result.baselines) {
      if (!usesSpend) expect(selected.auc).toBeGreaterThan(auc!);
    }
    expect(selected.logLoss).toBeLessThan(0.9 * result.baseLogLoss);
    expect(baseline(result, "rfm").usesSpend).toBe(true);
  });

  it("fits on nothing after the cut-off", () => {
    const { purchases } = simulateStore({ seed: 6, customers: 900, startDay: 0, endDay: 600 });
    const keep = [...purchases.day.keys()].filter((i) => purchases.day[i] < 400);
    const known = {
      customer: Int32Array.from(keep, (i) => purchases.customer[i]),
      day: Int32Array.from(keep, (i) => purchases.day[i]),
      amount: Float64Array.from(keep, (i) => purchases.amount[i]),
      customers: purchases.customers,
    };
    const options = { cutoffDay: 400, horizonDays: 90 } as const;
    expect(backtest(known, options)!.fit).toEqual(backtest(purchases, options)!.fit);
    expect(backtest(known, options)!.buyers).toBe(0);
  });
});

it("a backtest before the first customer is null", () => {
  const { purchases } = simulateStore({ seed: 6, customers: 9, startDay: 100, endDay: 200 });
  expect(backtest(purchases, { cutoffDay: 100, horizonDays: 30 })).toBeNull();
});
