import { learnNextOrder } from "./learn-next-order.ts";
import { learnSpend } from "./learn-spend.ts";
import type { Learned } from "./learned.ts";
import { learnLevels, type Place } from "./level-windows.ts";
import type { Past } from "./past.ts";
import { fewerOf, type PastWindow } from "./past-windows.ts";
import {
  learnRecalibration,
  type Lesson,
  type Recalibration,
  rowsInOrder,
} from "./recalibration.ts";
import { weighModels } from "./select.ts";
import type { WeightedModels } from "./weighted-models.ts";
import { probabilitiesOf } from "./window-predictions.ts";

/** Learning looks at so many windows. */
export const LESSONS = 4;

/**
 * What there was to be learned on a day.
 *
 * @param windows those that had ended by then, newest first
 */
export function learn(past: Past, windows: PastWindow[], place: Place): Learned {
  const heard = windows.slice(0, LESSONS);
  const models = weighModels(heard);
  const levels = learnLevels(past, heard, { ...place, models });
  const recalibration = learnBeyond(heard, models);
  return {
    ...models,
    ...levels,
    tested: true,
    recalibration,
    ...learnSpend(heard, { ...models, ...levels, recalibration }),
    nextOrderLevels: learnNextOrder(past, models, place),
  };
}

/** With fewer buyers, or others, than this in a window nothing is learned from it. */
const THIN = 100;

/** What windows teach beyond the models; null where none had buyers, and others, enough. */
export function learnBeyond(windows: PastWindow[], models: WeightedModels): Recalibration | null {
  const [first, ...more] = windows
    .filter((window) => fewerOf(window) >= THIN)
    .map((window) => lessonOf(window, models));
  return first ? learnRecalibration([first, ...more]) : null;
}

function lessonOf(window: PastWindow, models: WeightedModels): Lesson {
  const { outcomes } = window;
  const summary = window.traced();
  const rows = rowsInOrder(summary, outcomes.bought);
  const said = probabilitiesOf(window, models);
  const probability = Float64Array.from(rows, (row) => said[row]);
  const bought = Uint8Array.from(rows, (row) => outcomes.bought[row]);
  return { summary, rows, probability, bought };
}
