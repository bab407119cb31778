import type { Summary } from "../histories/summary.ts";
import { ranks } from "../maths/metrics.ts";

/**
 * Baseline rules that need only a spreadsheet, as scores (higher is better). The models are
 * compared with them on the same window. None of them gives a probability.
 */
export const baselineNames = [
  "recency",
  "frequency",
  "recency-frequency",
  "rfm",
  "mean-interval",
  "past-spend",
] as const;
export type BaselineName = (typeof baselineNames)[number];

/** The rules that use amounts. */
export const spendBaselines: readonly BaselineName[] = ["rfm", "past-spend"];

/** Scores of one rule, one for each row of the summary. */
export function baselineScores(name: BaselineName, summary: Summary): Float64Array {
  switch (name) {
    case "recency":
      return lastPurchase(summary);
    case "frequency":
      return Float64Array.from(summary.frequency);
    case "recency-frequency":
      return sum(quintiles(lastPurchase(summary)), quintiles(summary.frequency));
    case "rfm":
      return sum(
        sum(quintiles(lastPurchase(summary)), quintiles(summary.frequency)),
        quintiles(pastSpend(summary)),
      );
    case "mean-interval":
      return due(summary);
    case "past-spend":
      return pastSpend(summary);
  }
}

/** Minus the days since the last purchase. */
function lastPurchase({ ageDays, recencyDays }: Summary): Float64Array {
  return Float64Array.from(ageDays, (age, i) => recencyDays[i] - age);
}

function pastSpend({ frequency, meanSpend }: Summary): Float64Array {
  return Float64Array.from(frequency, (x, i) => (x + 1) * meanSpend[i]);
}

/**
 * Minus the days since the last purchase, in mean intervals of the customer: the least overdue
 * first. One-time buyers have no interval; they come last, the most recent first.
 */
function due({ frequency, recencyDays, ageDays }: Summary): Float64Array {
  return Float64Array.from(frequency, (x, i) => {
    const silence = ageDays[i] - recencyDays[i];
    return x > 0 ? -(silence * x) / Math.max(1, recencyDays[i]) : -1e6 - silence;
  });
}

/** 1 … 5 by fifths of the customers; equal values share a fifth. */
function quintiles(values: ArrayLike<number>): Float64Array {
  return ranks(values).map((rank) =>
    Math.min(5, 1 + Math.floor((5 * (rank - 0.5)) / values.length)),
  );
}

function sum(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, i) => value + right[i]);
}
