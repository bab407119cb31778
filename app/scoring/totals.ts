import { axes, tiers, type Axis, type Scores, type Summary } from "#engine";

import type { TierRow } from "./home.ts";

/** Customers and money by tier on both axes: the bars of the home screen. */
export type Totals = { customers: number; axes: Record<Axis, TierRow[]> };

/** Amounts of the summary and the scores are minor units. */
export function totalsOf(summary: Summary, scores: Scores): Totals {
  const [clv, buy] = axes.map((axis) => rowsOf(axis, summary, scores));
  return { customers: summary.customers, axes: { clv: clv ?? [], buy: buy ?? [] } };
}

function rowsOf(axis: Axis, summary: Summary, scores: Scores): TierRow[] {
  const tierOf = axis === "clv" ? scores.clvTier : scores.buyTier;
  const sums = tiers.map(() => ({ customers: 0, expected: 0, spent: 0, probability: 0 }));
  for (let i = 0; i < summary.customers; i++) {
    const sum = sums[tierOf[i]];
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

/** Net spend so far: the mean undone again, whole minor units. */
export function spentMinor(summary: Summary, row: number): number {
  return Math.round(summary.meanSpend[row] * (summary.frequency[row] + 1));
}
