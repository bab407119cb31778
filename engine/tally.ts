import type { Histories } from "./histories.ts";

/**
 * Counts over a store's histories that make whole parts of a likelihood sums over few numbers
 * instead of many customers.
 */
export type Tally = {
  customers: number;
  /** reached[i]: customers with frequency ≥ i, for i = 0 … largest frequency. */
  reached: Float64Array;
  /** customersOfAge[T] and purchasesOfAge[T]: Σ 1 and Σ x over customers of that age in days. */
  customersOfAge: Float64Array;
  purchasesOfAge: Float64Array;
};

export function tally(histories: Histories): Tally {
  const { rows, frequency, ageDays, weight } = histories;
  let oldest = 0;
  for (let i = 0; i < rows; i++) if (ageDays[i] > oldest) oldest = ageDays[i];
  const most = rows === 0 ? 0 : frequency[rows - 1];
  const counts: Tally = {
    customers: histories.customers,
    reached: new Float64Array(most + 1),
    customersOfAge: new Float64Array(oldest + 1),
    purchasesOfAge: new Float64Array(oldest + 1),
  };
  for (let i = 0; i < rows; i++) {
    counts.reached[frequency[i]] += weight[i];
    counts.customersOfAge[ageDays[i]] += weight[i];
    counts.purchasesOfAge[ageDays[i]] += weight[i] * frequency[i];
  }
  for (let i = most - 1; i >= 0; i--) counts.reached[i] += counts.reached[i + 1];
  return counts;
}

/** Mean T in days over all customers; 1 for a store without any. */
export function meanAge(counts: Tally): number {
  let days = 0;
  for (let age = 0; age < counts.customersOfAge.length; age++) {
    days += age * counts.customersOfAge[age];
  }
  return counts.customers > 0 && days > 0 ? days / counts.customers : 1;
}
