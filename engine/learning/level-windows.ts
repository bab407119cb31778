import { totalOf, weighted } from "../models/history-rows.ts";
import { levelOf, type LevelSeen } from "./level.ts";
import { amountLevelOf, ordersLevelOf } from "./orders-level.ts";
import type { Past } from "./past.ts";
import { type PastWindow, windowAt } from "./past-windows.ts";
import type { Levels, WeightedModels } from "./weighted-models.ts";

export type Place = { asOfDay: number; horizonDays: number; firstDay: number; seasonal: boolean };

/** The levels that there were to be learned on a day, by windows that had ended by then. */
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

/** What the last 30 days, and the same days a year ago, say of the models' level. */
function levelAt(past: Past, place: Place & { models: WeightedModels }): number {
  const { asOfDay, horizonDays, firstDay, models } = place;
  const seen = (cutoffDay: number, days: number): LevelSeen | null => {
    if (cutoffDay - firstDay < RECENT_DAYS || cutoffDay + days > asOfDay) return null;
    const window = windowAt(past, { ...place, cutoffDay, horizonDays: days });
    return { buyers: window.outcomes.buyers, expected: expectedBuyers(window, models) };
  };
  const recent = seen(asOfDay - RECENT_DAYS, RECENT_DAYS);
  const yearAgo = seen(asOfDay - YEAR, horizonDays);
  const ageThen = asOfDay - YEAR - firstDay;
  return levelOf({ recent, yearAgo, ageThen }, horizonDays);
}

/** Σp of the average before a window. */
export function expectedBuyers(window: PastWindow, { chosen, weights }: WeightedModels): number {
  return totalOf(window.histories, weighted(chosen.map(window.probabilities), weights));
}
