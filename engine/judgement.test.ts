import { describe, expect, it } from "vitest";

import type { Purchases, Summary } from "./histories/summary.ts";
import { judgeScores, type ShownScores } from "./judgement.ts";

const asOfDay = 100;

/** Customers 0 to 3; 0 and 2 buy within 30 days, 3 on the first day after. */
const purchases: Purchases = {
  customers: 4,
  customer: Int32Array.of(0, 0, 0, 1, 2, 2, 3, 3),
  day: Int32Array.of(10, 100, 129, 20, 30, 110, 40, 130),
  amount: Float64Array.of(5, 7, 11, 13, 17, 19, 23, 29),
};

function summaryOf(rows: number[]): Summary {
  const of = <T>(values: ArrayLike<number>, make: (list: number[]) => T) =>
    make(rows.map((row) => values[row]));
  return {
    customers: rows.length,
    index: Int32Array.from(rows),
    frequency: new Int32Array(rows.length),
    recencyDays: new Int32Array(rows.length),
    ageDays: of([90, 80, 70, 60], (list) => Int32Array.from(list)),
    meanSpend: of([5, 13, 17, 23], (list) => Float64Array.from(list)),
  };
}

function shown(rows = [0, 1, 2, 3]): ShownScores {
  const of = (values: number[]) => rows.map((row) => values[row]);
  return {
    summary: summaryOf(rows),
    buyProbability: Float64Array.from(of([0.9, 0.2, 0.1, 0.3])),
    expectedSpend: Float64Array.from(of([20, 2, 1, 4])),
    tier: { buy: Uint8Array.from(of([0, 2, 2, 1])), clv: Uint8Array.from(of([0, 1, 3, 0])) },
  };
}

const judged = judgeScores(purchases, shown(), { asOfDay, horizonDays: 30 });

describe("judging scores", () => {
  it("counts the days from the as-of day on, as many as the horizon has", () => {
    expect(judged).toMatchObject({ customers: 4, buyers: 2, orders: 3, spend: 7 + 11 + 19 });
    const longer = judgeScores(purchases, shown(), { asOfDay, horizonDays: 31 });
    expect(longer).toMatchObject({ buyers: 3, orders: 4, spend: 7 + 11 + 19 + 29 });
  });

  it("sums each tier on its own axis", () => {
    const [high, moderate, low, fresh] = judged.tiers.buy;
    expect(high).toMatchObject({ tier: "high", customers: 1, buyers: 1, spend: 18 });
    expect(moderate).toMatchObject({ tier: "moderate", customers: 1, buyers: 0, spend: 0 });
    expect(low).toMatchObject({ tier: "low", customers: 2, buyers: 1, spend: 19 });
    expect(low.expectedBuyers).toBeCloseTo(0.3, 12);
    expect(fresh).toMatchObject({ tier: "new", customers: 0, buyers: 0, expectedSpend: 0 });
    expect(judged.tiers.clv.map(({ customers }) => customers)).toEqual([2, 1, 0, 1]);
    expect(judged.tiers.clv[0]).toMatchObject({ expectedSpend: 24, spend: 18, buyers: 1 });
  });

  it("measures the probabilities as the definitions say", () => {
    // Buyers .9 and .1 against .2 and .3: two of four pairs are in order.
    expect(judged.auc).toBe(0.5);
    const losses = [0.9, 0.8, 0.1, 0.7].map((p) => -Math.log(p));
    expect(judged.logLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / 4, 12);
    expect(judged.baseLogLoss).toBeCloseTo(Math.LN2, 12);
    expect(judged.expectedBuyers).toBeCloseTo(1.5, 12);
    expect(judged.expectedSpend).toBe(27);
  });

  it("judges every baseline rule on the same customers, and marks those that use amounts", () => {
    const rules = new Map(judged.baselines.map((rule) => [rule.baseline, rule]));
    // By past spend: 3, 2, 1, 0. Buyer 2 is above 1 and 0's others: one of four pairs.
    expect(rules.get("past-spend")).toMatchObject({ usesSpend: true, auc: 0.25 });
    expect(rules.get("frequency")).toMatchObject({ usesSpend: false, auc: 0.5 });
  });

  it("judges another grouping in the best order its groups could have had", () => {
    const groupings = { theirs: Int16Array.of(4, 2, 4, -1) };
    const { theirs } =
      judgeScores(purchases, { ...shown(), groupings }, { asOfDay, horizonDays: 30 }).groupings ??
      {};
    expect(theirs).toEqual({
      groups: [
        { group: 2, customers: 1, buyers: 0, spend: 0 },
        { group: 4, customers: 2, buyers: 2, spend: 37 },
      ],
      auc: 1,
      gini: theirs.gini,
      // Without customer 3, whom it does not group: buyers .9 and .1 against .2.
      scores: { auc: 0.5, gini: theirs.scores.gini },
    });
    // Both buyers share the mean of ranks 2 and 3; in the perfect order 19 stands above 18.
    expect(theirs.gini).toBeCloseTo(37 / 38, 12);
  });

  it("is about the customers who were scored, whoever else bought", () => {
    const some = judgeScores(purchases, shown([1, 2]), { asOfDay, horizonDays: 30 });
    expect(some).toMatchObject({ customers: 2, buyers: 1, orders: 1, spend: 19, auc: 0 });
  });
});
