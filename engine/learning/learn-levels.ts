import { firstDays } from "../histories/outcomes.ts";
import { buyProbabilities, totalOf, weighted } from "../models/history-rows.ts";
import { levelOf, type LevelSeen, RAMP_DAYS, steadyBuyers } from "./buyers-level.ts";
import { amountLevelOf, ordersLevelOf } from "./orders-level.ts";
import type { Past } from "./past-views.ts";
import { type PastWindow, windowAt } from "./past-windows.ts";
import type { Levels, WeightedModels } from "./weighted-models.ts";

export type Place = { asOfDay: number; horizonDays: number; firstDay: number; seasonal: boolean };

/** The levels as of a day, estimated on windows that had ended by then. */
export function learnLevels(
  past: Past,
  windows: PastWindow[],
  place: Place & { models: WeightedModels },
): Levels {
  return {
    level: levelAt(past, place),
    ordersLevel: ordersLevelOf(windows, place.models),
    amountLevel: amountLevelOf(windows, place.models),
  };
}

const RECENT_DAYS = 30;
const YEAR = 365;

/** The level, from the errors of the last 30 days and of a window of the horizon's length a year ago. */
function levelAt(past: Past, place: Place & { models: WeightedModels }): number {
  const { asOfDay, horizonDays, firstDay, models } = place;
  const seen = (cutoffDay: number, days: number): PastWindow | null => {
    if (cutoffDay - firstDay < RECENT_DAYS || cutoffDay + days > asOfDay) return null;
    return windowAt(past, { ...place, cutoffDay, horizonDays: days });
  };
  const recent = seen(asOfDay - RECENT_DAYS, RECENT_DAYS);
  const yearAgo = seen(asOfDay - YEAR, horizonDays);
  const ageThen = asOfDay - YEAR - firstDay;
  return levelOf(
    {
      recent: recent && steadily(past, recent, models),
      yearAgo: yearAgo && {
        buyers: yearAgo.outcomes.buyers,
        expected: expectedBuyers(yearAgo, models),
      },
      ageThen,
    },
    horizonDays,
  );
}

/** Weighted buyers of a window ({@link steadyBuyers}), and Σp over the days that they stand for. */
function steadily(past: Past, window: PastWindow, { chosen, weights }: WeightedModels): LevelSeen {
  const { histories, horizonDays, timeScale, fit } = window;
  const days = timeScale.days(horizonDays - RAMP_DAYS / 2);
  const said = chosen.map((name) => buyProbabilities(fit(name), histories, days));
  const expected = totalOf(histories, weighted(said, weights));
  return { buyers: steadyBuyers(buyersByDay(past, window)), expected };
}

/** Buyers by the day of their first purchase in the window. */
function buyersByDay({ purchases }: Past, window: PastWindow): Float64Array {
  const { summary, cutoffDay, horizonDays } = window;
  const days = new Float64Array(horizonDays);
  for (const day of firstDays(purchases, summary, [cutoffDay, cutoffDay + horizonDays])) {
    if (day !== -1) days[day - cutoffDay]++;
  }
  return days;
}

/** Σp of the models' average, as of the beginning of a window. */
export function expectedBuyers(window: PastWindow, { chosen, weights }: WeightedModels): number {
  return totalOf(window.histories, weighted(chosen.map(window.probabilities), weights));
}
