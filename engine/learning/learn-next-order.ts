import { firstDays } from "../histories/outcomes.ts";
import type { Purchases } from "../histories/summary.ts";
import { averageOf } from "../models/average.ts";
import { type NextOrderLevels, QUARTERS, REACH } from "../models/next-order.ts";
import type { Place } from "./learn-levels.ts";
import type { Past } from "./past-views.ts";
import { type PastWindow, windowAt } from "./past-windows.ts";
import type { WeightedModels } from "./weighted-models.ts";

/** Shrinkage: with this many observed next orders the estimate counts half. */
const HALF_WEIGHT = 100;

/**
 * Recalibrates the quartiles of the wait for the next order: the quantile levels of the models at
 * which a quarter, and three quarters, of the next orders had come. Observed in the second half of
 * the store's history, of at most a year, on customers for whom a next order was predicted. Null
 * where no such order came.
 */
export function learnNextOrder(
  past: Past,
  models: WeightedModels,
  place: Place,
): NextOrderLevels | null {
  const days = Math.min(REACH, Math.floor((place.asOfDay - place.firstDay) / 2));
  if (days < 1) return null;
  const cutoffDay = place.asOfDay - days;
  const window = windowAt(past, { ...place, cutoffDay, horizonDays: days });
  const observed = observedLevels(past.purchases, window, models);
  if (observed.length === 0) return null;
  const weight = observed.length / (observed.length + HALF_WEIGHT);
  const level = (quarter: number) => {
    const seen = observed[Math.min(observed.length - 1, Math.floor(quarter * observed.length))];
    return quarter + weight * (seen - quarter);
  };
  return { from: level(QUARTERS.from), to: level(QUARTERS.to) };
}

/**
 * For each customer with a predicted next order who ordered: P(order by that day) / P(order within
 * the window), sorted.
 */
function observedLevels(
  purchases: Purchases,
  window: PastWindow,
  models: WeightedModels,
): Float64Array {
  const { summary, timeScale, cutoffDay, horizonDays } = window;
  const [likelihood, ...others] = models.chosen.map(window.fit);
  const forecast = averageOf({ likelihood, others, weights: models.weights });
  const levels: number[] = [];
  firstDays(purchases, summary, [cutoffDay, cutoffDay + horizonDays]).forEach((day, row) => {
    if (day === -1) return;
    const history = {
      frequency: summary.frequency[row],
      recency: timeScale.summary.recencyDays[row],
      age: timeScale.summary.ageDays[row],
    };
    if (!(forecast.buy(history, timeScale.days(REACH)) >= 0.5)) return;
    const wait = day - cutoffDay + 0.5;
    const [before, after] = [Math.floor(wait), Math.ceil(wait)].map((days) =>
      forecast.buy(history, timeScale.days(days)),
    );
    levels.push((before + after) / 2 / forecast.buy(history, timeScale.days(horizonDays)));
  });
  return Float64Array.from(levels).sort();
}
