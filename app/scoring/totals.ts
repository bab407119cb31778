import { axes, tiers, type Axis, type Scores, type Summary, type TotalRange } from "#engine";

import type { TierRow } from "./home.ts";
import { spentMinor } from "./spent.ts";
import type { Standings } from "./standings.ts";

/** Customers and money by tier on both axes: the bars of the home screen. */
export type Totals = {
  customers: number;
  axes: Record<Axis, TierRow[]>;
  /** How far the expected total may be off; null when nobody asked. */
  range: TotalRange | null;
};

export type Totalled = {
  summary: Summary;
  scores: Scores;
  standings: Standings;
  range: TotalRange | null;
};

/** Amounts of the summary and the scores are minor units. */
export function totalsOf(store: Totalled): Totals {
  const [clv, buy] = axes.map((axis) => rowsOf(axis, store));
  return {
    customers: store.summary.customers,
    axes: { clv: clv ?? [], buy: buy ?? [] },
    range: store.range,
  };
}

function rowsOf(axis: Axis, { summary, scores, standings }: Totalled): TierRow[] {
  const sums = tiers.map(() => ({ customers: 0, expected: 0, spent: 0, probability: 0 }));
  for (let i = 0; i < summary.customers; i++) {
    const sum = sums[standings.tier[axis][summary.index[i]]];
    sum.customers++;
    sum.expected += scores.expectedSpend[i];
    sum.spent += spentMinor(summary, i);
    sum.probability += scores.buyProbability[i];
  }
  return tiers.map((tier, index) => {
    const { customers, expected, spent, probability } = sums[index];
    return {
      tier,
      customers,
      expectedSpendMinor: Math.round(expected),
      spentMinor: spent,
      meanProbability: customers === 0 ? null : probability / customers,
    };
  });
}
