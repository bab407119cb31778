import type { Summary } from "./histories/summary.ts";
import { Recalibrated, type Recalibration } from "./learning/recalibration.ts";
import { averageOf } from "./models/average.ts";
import type { Likelihood } from "./models/forecast.ts";
import { frameOf } from "./models/frame.ts";
import { nextOrder, type NextOrderLevels } from "./models/next-order.ts";
import type { Season } from "./models/season.ts";
import type { IntervalLevel } from "./spend/interval-level.ts";
import { meanSpend, type SpendFit } from "./spend/spend.ts";
import { levelledValue, type SpendLevel } from "./spend/spend-level.ts";
import { type Blend, valueOf } from "./spend/value.ts";

/** What the predictions rest on. */
export type Models = {
  asOfDay: number;
  horizonDays: number;
  likelihood: Likelihood;
  /** Models that are averaged with `likelihood`. */
  others: Likelihood[];
  /**
   * How much `likelihood` and each of the others count, in this order; they add up to one. Missing
   * in fits kept by engine versions before 0.4.0: equally.
   */
  weights?: number[];
  spend: SpendFit;
  blend: Blend;
  /** The clock the likelihood runs by; null for the calendar. */
  season: Season | null;
  /**
   * What past windows taught beyond the models, and the level they showed; null where there were
   * none, missing in fits kept by engine versions before 0.5.0.
   */
  recalibration?: Recalibration | null;
  /** What the same was called in fits kept by engine versions from 0.3.0 to 0.4.1. */
  refinement?: Recalibration | null;
  /** What the models' expected orders are multiplied by; missing in fits kept before 0.5.0. */
  ordersScale?: number;
  /** What their expected spend is multiplied by beyond that; as before. */
  amountScale?: number;
  /** How values add up; null where nothing was learned of it, missing in fits kept before 0.5.0. */
  spendLevel?: SpendLevel | null;
  /** How far the bounds of a customer's spend are moved; as before. */
  intervalLevel?: IntervalLevel | null;
  /** Between which parts of the chance of an order the next is expected; as before. */
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
  const frame = frameOf(summary, models.asOfDay, models.season);
  const horizonDays = frame.days(models.horizonDays);
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
    history.recency = frame.summary.recencyDays[i];
    history.age = frame.summary.ageDays[i];
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
  const frame = frameOf(summary, asOfDay, models.season);
  const forecast = averageOf(models);
  const nextOrderFromDay = new Int32Array(summary.customers).fill(-1);
  const nextOrderToDay = new Int32Array(summary.customers).fill(-1);
  const history = { frequency: 0, recency: 0, age: 0 };
  const buyWithin = (days: number) => forecast.buy(history, frame.days(days));
  for (let i = 0; i < summary.customers; i++) {
    history.frequency = summary.frequency[i];
    history.recency = frame.summary.recencyDays[i];
    history.age = frame.summary.ageDays[i];
    const next = nextOrder(buyWithin, levels);
    if (!next) continue;
    nextOrderFromDay[i] = asOfDay + next.from;
    nextOrderToDay[i] = asOfDay + next.to;
  }
  return { ...expectations(summary, models), nextOrderFromDay, nextOrderToDay };
}
