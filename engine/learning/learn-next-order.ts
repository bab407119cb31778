import { firstDays } from "../histories/outcomes.ts";
import type { Purchases } from "../histories/summary.ts";
import { averageOf } from "../models/average.ts";
import { type NextOrderLevels, QUARTERS, REACH } from "../models/next-order.ts";
import type { Place } from "./level-windows.ts";
import type { Past } from "./past.ts";
import { type PastWindow, windowAt } from "./past-windows.ts";
import type { WeightedModels } from "./weighted-models.ts";

/** Customers whose next order came at which half of what they showed is believed. */
const HALF_BELIEVED = 100;

/**
 * After which parts of the chance of an order a quarter, and three quarters, of the next orders had
 * come: of the customers with a window, in the longest span that the store's past has twice, up to a
 * year. Null where nobody had one.
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
  const passed = passedParts(past.purchases, window, models);
  if (passed.length === 0) return null;
  const believed = passed.length / (passed.length + HALF_BELIEVED);
  const level = (quarter: number) => {
    const seen = passed[Math.min(passed.length - 1, Math.floor(quarter * passed.length))];
    return quarter + believed * (seen - quarter);
  };
  return { from: level(QUARTERS.from), to: level(QUARTERS.to) };
}

/** Of each customer with a window who ordered: the part of the chance that had passed by then, sorted. */
function passedParts(
  purchases: Purchases,
  window: PastWindow,
  models: WeightedModels,
): Float64Array {
  const { summary, frame, cutoffDay, horizonDays } = window;
  const [likelihood, ...others] = models.chosen.map(window.fit);
  const forecast = averageOf({ likelihood, others, weights: models.weights });
  const parts: number[] = [];
  firstDays(purchases, summary, [cutoffDay, cutoffDay + horizonDays]).forEach((day, row) => {
    if (day === -1) return;
    const history = {
      frequency: summary.frequency[row],
      recency: frame.summary.recencyDays[row],
      age: frame.summary.ageDays[row],
    };
    if (!(forecast.buy(history, frame.days(REACH)) >= 0.5)) return;
    const wait = day - cutoffDay + 0.5;
    const [before, after] = [Math.floor(wait), Math.ceil(wait)].map((days) =>
      forecast.buy(history, frame.days(days)),
    );
    parts.push((before + after) / 2 / forecast.buy(history, frame.days(horizonDays)));
  });
  return Float64Array.from(parts).sort();
}
