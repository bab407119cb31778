import type { Purchases } from "../histories/summary.ts";
import { expectedBuyers, learnLevels } from "../learning/learn-levels.ts";
import { learn, LEARNING_WINDOWS, recalibrationFrom } from "../learning/learn-parameters.ts";
import type { Learned } from "../learning/learned-parameters.ts";
import { Past } from "../learning/past-views.ts";
import { endedBefore, type PastWindow, pastWindows } from "../learning/past-windows.ts";
import { recalibrate, rowsInOrder } from "../learning/recalibration.ts";
import { type SeasonTrial, seasonWins, trySeason, type When } from "../learning/season-trial.ts";
import { type Trial, tryModels, weighModels } from "../learning/weigh-models.ts";
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

/** How well the newest window was predicted from what was known before it began. */
export type WindowTest = LikelihoodMetrics & {
  customers: number;
  buyers: number;
  /** Log loss of the best constant prediction: the share who bought. */
  baseLogLoss: number;
};

/** Totals of one past window: expected before it began, and actual. */
export type WindowTotals = {
  cutoffDay: number;
  buyers: ExpectedActual;
  orders: ExpectedActual;
  spend: ExpectedActual;
};
export type ExpectedActual = { expected: number; actual: number };

/** How well a store's past windows were predicted, and the evidence for a season. */
export type Rehearsal = {
  cutoffDay: number;
  /** Length of the windows: the horizon, or less in a young store with short gaps (`testDays`). */
  horizonDays: number;
  /** Number of windows of that length, the newest included. */
  windows: number;
  /** Each model alone in the newest window. */
  trials: Trial[];
  test: WindowTest;
  /** Calibration of the newest window's probabilities, in ten bins. */
  calibration: CalibrationBin[];
  /** Windows predicted from what was known before each began, newest first. */
  totals: WindowTotals[];
  /** Whether models use a season, and the trials that decided it. */
  seasonal: boolean;
  seasonTrials: SeasonTrial[];
};

/** Number of windows that are evaluated. */
const EVALUATED = 4;

/**
 * Fits everything on what was known one horizon ago, and at further cut-offs half a horizon apart,
 * and compares the predictions with what happened. Null when the store is not twice the horizon
 * old.
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
  const evaluated = windows.slice(0, EVALUATED).map((window) => {
    const before = endedBefore(windows, window.cutoffDay).slice(0, LEARNING_WINDOWS);
    const models = weighModels(before);
    const place = { ...when, asOfDay: window.cutoffDay, seasonal, models };
    return { window, models, before, levels: learnLevels(past, before, place) };
  });
  const predicted = predictBefore(evaluated[0]);
  const order = rowsInOrder(last.traced(), last.outcomes.bought);
  const probabilities = Float64Array.from(order, (row) => predicted[row]);
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
    totals: evaluated.map(totalsOf),
    seasonal,
    seasonTrials,
  };
  return { learned, rehearsal };
}

/** A window, with the models and levels estimated on windows that ended before it began. */
type Evaluated = {
  window: PastWindow;
  before: PastWindow[];
  models: WeightedModels;
  levels: Levels;
};

/** The probabilities that would have been predicted before a window. */
function predictBefore({ window, before, models, levels }: Evaluated): Float64Array {
  const predicted = probabilitiesOf(window, models);
  const learned = recalibrationFrom(before, models);
  return recalibrate(window.traced(), predicted, { ...levels, recalibration: learned });
}

function totalsOf({ window, models, levels }: Evaluated): WindowTotals {
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

/**
 * What a store too young for `rehearse` can learn, on windows of half the horizon, if there are
 * any.
 */
export function learnYoung(purchases: Purchases, when: When): Learned {
  const horizonDays = Math.max(1, Math.floor(when.horizonDays / 2));
  const past = new Past(purchases);
  const windows = pastWindows(past, { ...when, horizonDays }, false);
  const learned = learn(past, windows, { ...when, seasonal: false });
  return { ...learned, recalibration: null, ordersLevel: 0, amountLevel: 0, spendSlopes: null };
}
