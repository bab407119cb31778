import type { Purchases } from "../histories/summary.ts";
import { learn, learnBeyond, LESSONS } from "../learning/learn.ts";
import type { Learned } from "../learning/learned.ts";
import { expectedBuyers, learnLevels } from "../learning/level-windows.ts";
import { Past } from "../learning/past.ts";
import { endedBefore, type PastWindow, pastWindows } from "../learning/past-windows.ts";
import { recalibrate, rowsInOrder } from "../learning/recalibration.ts";
import { type SeasonTrial, seasonWins, trySeason, type When } from "../learning/season-trial.ts";
import { type Trial, tryModels, weighModels } from "../learning/select.ts";
import type { Levels, WeightedModels } from "../learning/weighted-models.ts";
import { expectedOrdersOf, probabilitiesOf } from "../learning/window-predictions.ts";
import {
  baseLogLoss,
  type CalibrationBin,
  calibrationBins,
  type LikelihoodMetrics,
  likelihoodMetrics,
} from "../maths/likelihood-metrics.ts";
import { sortedSum } from "../maths/sorted-sum.ts";

/** How everything did in the last window by what had been learned before it began. */
export type WindowTest = LikelihoodMetrics & {
  customers: number;
  buyers: number;
  /** Log loss of the best constant: the share who bought, known only afterwards. */
  baseLogLoss: number;
};

/** Totals of a store in one window of its past: what was expected before it began, and what came. */
export type WindowTotals = {
  cutoffDay: number;
  buyers: Beside;
  orders: Beside;
  spend: Beside;
};
export type Beside = { expected: number; actual: number };

/** How a store's own past windows were predicted, and what speaks for its season. */
export type Rehearsal = {
  cutoffDay: number;
  /** Length of the window: the horizon, or less in a young store of fast rhythm (`testDays`). */
  horizonDays: number;
  /** How many windows of that length were looked at, the last included. */
  windows: number;
  /** Each model alone in the last window. */
  trials: Trial[];
  test: WindowTest;
  /** The last window's probabilities in ten bins: what was predicted and what share then bought. */
  calibration: CalibrationBin[];
  /** Windows judged by what had been learned before each began, newest first. */
  totals: WindowTotals[];
  /** Whether the store's months have won the right to be believed, and by what. */
  seasonal: boolean;
  seasonTrials: SeasonTrial[];
};

/** So many windows are judged by what was learned before them. */
const JUDGED = 4;

/**
 * Stands one horizon back, and again half a horizon further: fits everything on what was known then
 * and looks at what happened since. Null when the store is not twice the horizon old.
 */
export function rehearse(
  purchases: Purchases,
  when: When,
): { learned: Learned; rehearsal: Rehearsal } | null {
  const { asOfDay, horizonDays, firstDay } = when;
  if (asOfDay - firstDay < 2 * horizonDays) return null;
  const past = new Past(purchases);
  const seasonTrials = trySeason(past, when);
  const seasonal = seasonWins(seasonTrials);
  const windows = pastWindows(past, when, seasonal);
  const [last] = windows;
  const learned = learn(past, windows, { ...when, seasonal });
  const judged = windows.slice(0, JUDGED).map((window) => {
    const before = endedBefore(windows, window.cutoffDay).slice(0, LESSONS);
    const models = weighModels(before);
    const place = { ...when, asOfDay: window.cutoffDay, seasonal, models };
    return { window, models, before, levels: learnLevels(past, before, place) };
  });
  const said = sayBefore(judged[0]);
  const order = rowsInOrder(last.traced(), last.outcomes.bought);
  const probabilities = Float64Array.from(order, (row) => said[row]);
  const rows = {
    weight: new Uint8Array(order.length).fill(1),
    buyers: Uint8Array.from(order, (row) => last.outcomes.bought[row]),
  };
  const rehearsal = {
    cutoffDay: last.cutoffDay,
    horizonDays,
    windows: windows.length,
    trials: tryModels(last),
    test: {
      customers: last.customers,
      buyers: last.buyers,
      baseLogLoss: baseLogLoss(rows),
      ...likelihoodMetrics(probabilities, rows),
    },
    calibration: calibrationBins(probabilities, rows),
    totals: judged.map(totalsOf),
    seasonal,
    seasonTrials,
  };
  return { learned, rehearsal };
}

/** A window, and what there was to be learned before it began. */
type Judged = { window: PastWindow; before: PastWindow[]; models: WeightedModels; levels: Levels };

/** The probabilities that would have been given before a window. */
function sayBefore({ window, before, models, levels }: Judged): Float64Array {
  const said = probabilitiesOf(window, models);
  const learned = learnBeyond(before, models);
  return recalibrate(window.traced(), said, { ...levels, recalibration: learned });
}

function totalsOf({ window, models, levels }: Judged): WindowTotals {
  const { cutoffDay, outcomes } = window;
  const orders = expectedOrdersOf(window, models);
  const mean = window.meanSpend();
  const spend = orders.map((count, i) => count * mean[i]);
  const buyers = Math.exp(levels.level) * expectedBuyers(window, models);
  return {
    cutoffDay,
    buyers: { expected: buyers, actual: outcomes.buyers },
    orders: {
      expected: Math.exp(levels.level + levels.ordersLevel) * sortedSum(orders),
      actual: sortedSum(outcomes.orders),
    },
    spend: {
      expected: Math.exp(levels.level + levels.amountLevel) * sortedSum(spend),
      actual: sortedSum(outcomes.spend),
    },
  };
}

/** What a store that is too young to be tested has to go by: windows of half the horizon, if any. */
export function learnYoung(purchases: Purchases, when: When): Learned {
  const horizonDays = Math.max(1, Math.floor(when.horizonDays / 2));
  const past = new Past(purchases);
  const windows = pastWindows(past, { ...when, horizonDays }, false);
  const learned = learn(past, windows, { ...when, seasonal: false });
  return { ...learned, recalibration: null, ordersLevel: 0, amountLevel: 0, spendSlopes: null };
}
