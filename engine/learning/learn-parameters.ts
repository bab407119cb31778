import { learnLevels, type Place } from "./learn-levels.ts";
import { learnNextOrder } from "./learn-next-order.ts";
import { learnSpend } from "./learn-spend.ts";
import type { Learned } from "./learned-parameters.ts";
import type { Past } from "./past-views.ts";
import { fewerOf, type PastWindow } from "./past-windows.ts";
import {
  learnRecalibration,
  type Recalibration,
  type RecalibrationSample,
  rowsInOrder,
} from "./recalibration.ts";
import { weighModels } from "./weigh-models.ts";
import type { WeightedModels } from "./weighted-models.ts";
import { probabilitiesOf } from "./window-predictions.ts";

/** Number of past windows that are learned from. */
export const LEARNING_WINDOWS = 4;

/**
 * Everything that is estimated on past windows.
 *
 * @param windows those that ended before the as-of day, newest first
 */
export function learn(past: Past, windows: PastWindow[], place: Place): Learned {
  const used = windows.slice(0, LEARNING_WINDOWS);
  const models = weighModels(used);
  const levels = learnLevels(past, used, { ...place, models });
  const recalibration = recalibrationFrom(used, models);
  return {
    ...models,
    ...levels,
    tested: true,
    recalibration,
    ...learnSpend(used, { ...models, ...levels, recalibration }),
    nextOrderLevels: learnNextOrder(past, models, place),
  };
}

/** Windows with fewer buyers, or fewer non-buyers, are not used for the recalibration. */
const MIN_BUYERS = 100;

/** The recalibration from past windows; null where none had enough buyers and non-buyers. */
export function recalibrationFrom(
  windows: PastWindow[],
  models: WeightedModels,
): Recalibration | null {
  const [first, ...more] = windows
    .filter((window) => fewerOf(window) >= MIN_BUYERS)
    .map((window) => sampleOf(window, models));
  return first ? learnRecalibration([first, ...more]) : null;
}

function sampleOf(window: PastWindow, models: WeightedModels): RecalibrationSample {
  const { outcomes } = window;
  const summary = window.traced();
  const rows = rowsInOrder(summary, outcomes.bought);
  const predicted = probabilitiesOf(window, models);
  const probability = Float64Array.from(rows, (row) => predicted[row]);
  const bought = Uint8Array.from(rows, (row) => outcomes.bought[row]);
  return { summary, rows, probability, bought };
}
