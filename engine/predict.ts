import type { Summary } from "./histories/summary.ts";
import { Recalibrated, type Recalibration } from "./learning/recalibration.ts";
import { averageOf } from "./models/average.ts";
import type { Likelihood } from "./models/forecast.ts";
import { nextOrder, type NextOrderLevels } from "./models/next-order.ts";
import type { Season } from "./models/season.ts";
import { timeScaleOf } from "./models/time-scale.ts";
import type { IntervalLevel } from "./spend/interval-calibration.ts";
import { meanSpend, type SpendFit } from "./spend/mean-spend.ts";
import { levelledValue, type SpendLevel } from "./spend/spend-calibration.ts";
import { type Blend, valueOf } from "./spend/value.ts";

/** The fitted models, and the adjustments made to their predictions. */
export type Models = {
  asOfDay: number;
  horizonDays: number;
  likelihood: Likelihood;
  /** Models that are averaged with `likelihood`. */
  others: Likelihood[];
  /**
   * Weights of `likelihood` and the others, in this order, summing to one. Missing in fits stored
   * by engine versions before 0.4.0, which weighted all equally.
   */
  weights?: number[];
  spend: SpendFit;
  blend: Blend;
  /** Operational time of the likelihood models; null for calendar time. */
  season: Season | null;
  /**
   * Recalibration and level from past windows; null where these were not used, missing in fits
   * stored by engine versions before 0.5.0.
   */
  recalibration?: Recalibration | null;
  /** Name of `recalibration` in fits stored by engine versions 0.3.0 to 0.4.1. */
  refinement?: Recalibration | null;
  /** Factor on the models' expected orders; missing in fits stored before 0.5.0. */
  ordersScale?: number;
  /** Further factor on their expected spend; missing as above. */
  amountScale?: number;
  /** Calibration of values; null where nothing was learned, missing as above. */
  spendLevel?: SpendLevel | null;
  /** Shifts of the bounds of spend intervals; null or missing as above. */
  intervalLevel?: IntervalLevel | null;
  /** Quantile levels that bound the window of the next order; null or missing as above. */
  nextOrderLevels?: NextOrderLevels | null;
};

/** One value for each row of the summary. */
export type Expectations = {
  /** P(at least one order within the horizon). */
  buyProbability: Float64Array;
  expectedOrders: Float64Array;
  /** Expected net spend within the horizon, in the unit of the amounts. */
  expectedSpend: Float64Array;
};

/** One value for each row of the summary. */
export type Predictions = Expectations & {
  /** First and last day of the range in which the next order is expected; −1 for none. */
  nextOrderFromDay: Int32Array;
  nextOrderToDay: Int32Array;
};

/** Probabilities and expectations of every customer of a summary taken at `models.asOfDay`. */
export function expectations(summary: Summary, models: Models): Expectations {
  const { spend, blend, ordersScale = 1, amountScale = 1, spendLevel } = models;
  const timeScale = timeScaleOf(summary, models.asOfDay, models.season);
  const horizonDays = timeScale.days(models.horizonDays);
  const forecast = averageOf(models);
  const recalibration = models.recalibration ?? models.refinement;
  const recalibrated = recalibration && new Recalibrated(recalibration, summary);
  const out: Expectations = {
    buyProbability: new Float64Array(summary.customers),
    expectedOrders: new Float64Array(summary.customers),
    expectedSpend: new Float64Array(summary.customers),
  };
  const history = { frequency: 0, recency: 0, age: 0 };
  for (let i = 0; i < summary.customers; i++) {
    history.frequency = summary.frequency[i];
    history.recency = timeScale.summary.recencyDays[i];
    history.age = timeScale.summary.ageDays[i];
    const orders = ordersScale * forecast.orders(history, horizonDays);
    const purchases = history.frequency + 1;
    const mean = meanSpend(spend, purchases, summary.meanSpend[i]);
    const modelSpend = amountScale * (orders * mean);
    const pastSpend = purchases * summary.meanSpend[i];
    const buys = forecast.buy(history, horizonDays);
    out.buyProbability[i] = recalibrated ? recalibrated.probability(i, buys) : buys;
    out.expectedOrders[i] = orders;
    const value = valueOf(blend, modelSpend, pastSpend);
    out.expectedSpend[i] = spendLevel
      ? levelledValue(spendLevel, value, out.buyProbability[i])
      : value;
  }
  return out;
}

/** All predictions for every customer of a summary taken at `models.asOfDay`. */
export function predict(summary: Summary, models: Models): Predictions {
  const { asOfDay } = models;
  const levels = models.nextOrderLevels ?? undefined;
  const timeScale = timeScaleOf(summary, asOfDay, models.season);
  const forecast = averageOf(models);
  const nextOrderFromDay = new Int32Array(summary.customers).fill(-1);
  const nextOrderToDay = new Int32Array(summary.customers).fill(-1);
  const history = { frequency: 0, recency: 0, age: 0 };
  const buyWithin = (days: number) => forecast.buy(history, timeScale.days(days));
  for (let i = 0; i < summary.customers; i++) {
    history.frequency = summary.frequency[i];
    history.recency = timeScale.summary.recencyDays[i];
    history.age = timeScale.summary.ageDays[i];
    const next = nextOrder(buyWithin, levels);
    if (!next) continue;
    nextOrderFromDay[i] = asOfDay + next.from;
    nextOrderToDay[i] = asOfDay + next.to;
  }
  return { ...expectations(summary, models), nextOrderFromDay, nextOrderToDay };
}
