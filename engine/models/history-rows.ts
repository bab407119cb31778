import { type Histories, keyOf, keyOfRow } from "../histories/histories.ts";
import type { Outcomes } from "../histories/outcomes.ts";
import type { Summary } from "../histories/summary.ts";
import { forecastOf, type Likelihood } from "./forecast.ts";

/** P(buy within the horizon) for each row of histories. */
export function buyProbabilities(
  likelihood: Likelihood,
  { rows, frequency, recencyDays, ageDays }: Histories,
  horizonDays: number,
): Float64Array {
  const forecast = forecastOf(likelihood);
  const history = { frequency: 0, recency: 0, age: 0 };
  const probabilities = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    history.frequency = frequency[i];
    history.recency = recencyDays[i];
    history.age = ageDays[i];
    probabilities[i] = forecast.buy(history, horizonDays);
  }
  return probabilities;
}

/** Expected orders within the horizon, for each row of histories. */
export function ordersOf(
  likelihood: Likelihood,
  { rows, frequency, recencyDays, ageDays }: Histories,
  horizonDays: number,
): Float64Array {
  const forecast = forecastOf(likelihood);
  const history = { frequency: 0, recency: 0, age: 0 };
  const orders = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    history.frequency = frequency[i];
    history.recency = recencyDays[i];
    history.age = ageDays[i];
    orders[i] = forecast.orders(history, horizonDays);
  }
  return orders;
}

/** The row of histories that each customer of a summary is in. */
export function rowsOf(histories: Histories, summary: Summary): Int32Array {
  const keys = Float64Array.from({ length: histories.rows }, (_, row) => keyOfRow(histories, row));
  return Int32Array.from({ length: summary.customers }, (_, customer) => {
    const key = keyOf(summary, customer);
    let [low, high] = [0, keys.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** Σ over the customers of all rows. */
export function totalOf({ weight }: Histories, values: Float64Array): number {
  return values.reduce((sum, value, row) => sum + weight[row] * value, 0);
}

/** The weighted mean of several models' predictions for each row. */
export function weighted(lists: Float64Array[], weights: number[]): Float64Array {
  return lists[0].map((_, row) => lists.reduce((sum, list, i) => sum + weights[i] * list[row], 0));
}

/** Buyers among the customers of each row of histories. */
export function buyersOf(histories: Histories, summary: Summary, outcomes: Outcomes): Float64Array {
  const keys = new Float64Array(outcomes.buyers);
  let next = 0;
  for (let i = 0; i < summary.customers; i++) {
    if (outcomes.bought[i] === 1) keys[next++] = keyOf(summary, i);
  }
  keys.sort();
  const buyers = new Float64Array(histories.rows);
  let row = 0;
  for (const key of keys) {
    while (keyOfRow(histories, row) < key) row++;
    buyers[row]++;
  }
  return buyers;
}
