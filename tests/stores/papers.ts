import { type Purchases, summarize, type Summary } from "#engine";

import { dayOf } from "./rows.ts";

/**
 * The calibration sample as the papers define it: purchases to 1997-09-30 inclusive, and T ends on that same day,
 * one day less than our T, which ends on the day after the last known one.
 */
export function calibration(purchases: Purchases): Summary {
  const summary = summarize(purchases, dayOf("1997-10-01"));
  return { ...summary, ageDays: summary.ageDays.map((age) => age - 1) };
}

/**
 * Converts ln L of times in days to times in weeks, as in the papers: each of the x repeat purchases has a density,
 * which is seven times as large per week.
 */
export function inWeeks(logLikelihood: number, summary: Summary): number {
  return logLikelihood + Math.log(7) * summary.frequency.reduce((total, x) => total + x, 0);
}

/**
 * Frequency and mean of repeat purchases, of customers who have any: the textbook's spend data. Six customers of the
 * full cohort have a mean of zero, which has no Gamma likelihood.
 */
export function repeatSpend(purchases: Purchases, summary: Summary) {
  const firstAmount = new Map<number, number>();
  purchases.customer.forEach((customer, i) => {
    if (!firstAmount.has(customer)) firstAmount.set(customer, purchases.amount[i]);
  });
  const repeats = [...summary.frequency.keys()].map((row) => {
    const x = summary.frequency[row];
    const all = summary.meanSpend[row] * (x + 1);
    return { x, mean: (all - (firstAmount.get(summary.index[row]) ?? 0)) / x };
  });
  const paid = repeats.filter(({ x, mean }) => x > 0 && mean > 0.005);
  return {
    purchases: Int32Array.from(paid, ({ x }) => x),
    mean: Float64Array.from(paid, ({ mean }) => mean),
  };
}
