import { forecastOf, type Likelihood } from "./forecast.ts";
import { keyOf, keyOfRow, type Histories } from "./histories.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Summary } from "./summary.ts";

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

/** The weighted mean of what several models say of each row. */
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
