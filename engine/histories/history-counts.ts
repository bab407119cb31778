import { agesOf, placesOf } from "./day-places.ts";
import type { Histories } from "./histories.ts";

/**
 * Counts over a store's histories: with them, parts of a likelihood are sums over few distinct
 * values instead of all customers.
 */
export type HistoryCounts = {
  customers: number;
  /** reached[i]: customers with frequency ≥ i, for i = 0 … largest frequency. */
  reached: Float64Array;
  /** The ages T that occur, in days, ascending. */
  ages: Int32Array;
  /** Σ 1 and Σ x over the customers of each of these ages. */
  customersOfAge: Float64Array;
  purchasesOfAge: Float64Array;
};

export function countHistories(histories: Histories): HistoryCounts {
  const { rows, frequency, ageDays, weight } = histories;
  const ages = agesOf(histories);
  const place = placesOf(ages);
  const most = rows === 0 ? 0 : frequency[rows - 1];
  const counts: HistoryCounts = {
    customers: histories.customers,
    reached: new Float64Array(most + 1),
    ages,
    customersOfAge: new Float64Array(ages.length),
    purchasesOfAge: new Float64Array(ages.length),
  };
  for (let i = 0; i < rows; i++) {
    counts.reached[frequency[i]] += weight[i];
    const age = place[ageDays[i]];
    counts.customersOfAge[age] += weight[i];
    counts.purchasesOfAge[age] += weight[i] * frequency[i];
  }
  for (let i = most - 1; i >= 0; i--) counts.reached[i] += counts.reached[i + 1];
  return counts;
}

/** Mean T in days over all customers; 1 for a store without any. */
export function meanAge(counts: HistoryCounts): number {
  let days = 0;
  for (let i = 0; i < counts.ages.length; i++) days += counts.ages[i] * counts.customersOfAge[i];
  return counts.customers > 0 && days > 0 ? days / counts.customers : 1;
}
