import { beforeAll, describe, expect, it } from "vitest";

import { giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { explain, type Explained } from "./explain.ts";
import { fitStore, type StoreFit } from "./fit.ts";
import { summarize } from "./histories/summary.ts";

let fit: StoreFit;
beforeAll(() => {
  const store = giftware();
  const asOfDay = dayOf("2010-12-10");
  const options = { asOfDay, fullHistory: true, rehearse: true };
  const result = fitStore(summarize(store, asOfDay), store, options);
  if (result.kind === "refused") throw new Error("the gift shop has enough data");
  fit = result.fit;
});

const weekly: Explained = {
  frequency: 40,
  recencyDays: 280,
  ageDays: 343,
  meanSpend: 100,
  buyProbability: 0.6,
};

const codes = (customer: Explained) => {
  const { buy, clv } = explain(customer, fit);
  return { buy: buy.map((fact) => fact.code), clv: clv.map((fact) => fact.code) };
};

describe("an explanation", () => {
  it("compares the mean gap with the store's, and the days since the last order with the mean gap", () => {
    expect(explain(weekly, fit).buy).toEqual([
      { code: "buys-more-often", customer: 7, typical: 28 },
      { code: "order-very-late", customer: 63, typical: 7 },
    ]);
    expect(codes({ ...weekly, ageDays: 285 }).buy).toEqual(["buys-more-often", "order-recent"]);
    expect(codes({ ...weekly, frequency: 4 }).buy).toEqual(["buys-less-often", "order-recent"]);
    expect(codes({ ...weekly, frequency: 10, ageDays: 330 }).buy).toEqual([
      "buys-as-often",
      "order-late",
    ]);
  });

  it("mentions amounts on the value axis only", () => {
    expect(codes(weekly).clv).toContain("spends-less");
    expect(codes(weekly).clv).toContain("many-orders");
    expect(codes({ ...weekly, meanSpend: 5000 }).clv).toContain("spends-more");
    expect(codes({ ...weekly, meanSpend: fit.typical.meanSpend }).clv).toContain("spends-as-usual");
    expect(codes({ ...weekly, meanSpend: 5000 }).buy).toEqual(codes(weekly).buy);
  });

  it("gives a first-time customer only the days since the order", () => {
    const fresh = { ...weekly, frequency: 0, recencyDays: 0, ageDays: 12 };
    expect(explain(fresh, fit).buy).toEqual([
      { code: "one-order", customer: 12, typical: fit.newMaxAgeDays },
    ]);
  });

  it("gives the share of similar customers who bought in the newest past window", () => {
    const { similar } = explain(weekly, fit);
    expect(similar!.customers).toBeGreaterThan(100);
    expect(Math.abs(similar!.predicted - 0.6)).toBeLessThan(0.06);
    expect(Math.abs(similar!.bought - 0.6)).toBeLessThan(0.2);
    expect(explain(weekly, { ...fit, rehearsal: null }).similar).toBeNull();
  });
});
