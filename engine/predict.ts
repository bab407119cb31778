import { forecastOf, type Forecast, type Likelihood } from "./forecast.ts";
import { frameOf } from "./frame.ts";
import type { History } from "./histories.ts";
import { nextOrder } from "./next-order.ts";
import { refine, type Refinement } from "./refinement.ts";
import type { Season } from "./season.ts";
import { meanSpend, type SpendFit } from "./spend.ts";
import type { Summary } from "./summary.ts";
import { valueOf, type Blend } from "./value.ts";

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
   * What the store's last window taught beyond the models; null where that does not help, missing
   * in fits kept by engine versions before 0.3.0.
   */
  refinement?: Refinement | null;
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
  const { spend, blend, refinement } = models;
  const frame = frameOf(summary, models.asOfDay, models.season);
  const horizonDays = frame.days(models.horizonDays);
  const forecast = averageOf(models);
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
    const orders = forecast.orders(history, horizonDays);
    const purchases = history.frequency + 1;
    const modelSpend = orders * meanSpend(spend, purchases, summary.meanSpend[i]);
    const pastSpend = purchases * summary.meanSpend[i];
    const buys = forecast.buy(history, horizonDays);
    out.buyProbability[i] = refinement ? refine(refinement, buys, history) : buys;
    out.expectedOrders[i] = orders;
    out.expectedSpend[i] = valueOf(blend, modelSpend, pastSpend);
  }
  return out;
}

/** All predictions for every customer of a summary taken at `models.asOfDay`. */
export function predict(summary: Summary, models: Models): Predictions {
  const { asOfDay } = models;
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
    const next = nextOrder(buyWithin);
    if (!next) continue;
    nextOrderFromDay[i] = asOfDay + next.from;
    nextOrderToDay[i] = asOfDay + next.to;
  }
  return { ...expectations(summary, models), nextOrderFromDay, nextOrderToDay };
}

/** The weighted mean of what the models say. */
export function averageOf({
  likelihood,
  others,
  weights,
}: Pick<Models, "likelihood" | "others" | "weights">): Omit<Forecast, "alive"> {
  const forecasts = [likelihood, ...others].map(forecastOf);
  if (forecasts.length === 1) return forecasts[0];
  const shares = weights ?? forecasts.map(() => 1 / forecasts.length);
  const mean = (ofOne: (forecast: Forecast) => number) => {
    let sum = 0;
    for (let i = 0; i < forecasts.length; i++) sum += shares[i] * ofOne(forecasts[i]);
    return sum;
  };
  return {
    buy: (history: History, days: number) => mean((forecast) => forecast.buy(history, days)),
    orders: (history: History, days: number) => mean((forecast) => forecast.orders(history, days)),
  };
}
