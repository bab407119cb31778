import { candidates, fitCandidate } from "./candidates.ts";
import { forecastOf } from "./forecast.ts";
import { compressHistories, type Histories } from "./histories.ts";
import { covariance, errorOf } from "./laplace.ts";
import { fitMbgNbd, mbgPriorOf } from "./mbg-nbd.ts";
import { betaGeometricObjective } from "./beta-geometric-fit.ts";
import { outcomesOf } from "./outcomes.ts";
import { summarize, type Purchases } from "./summary.ts";

/** Expected and actual orders of a whole store in one window of its past. */
export type WindowTotal = { cutoffDay: number; expected: number; actual: number };

/** 80 % range of a total, as factors of the expected one. */
export type TotalRange = {
  low: number;
  high: number;
  /** Standard deviation of ln(actual/expected) over the store's past windows, as estimated. */
  spread: number;
  /** The part of it that comes from not knowing the parameters. */
  parameterError: number;
  windows: WindowTotal[];
};

const MAX_WINDOWS = 6;
/** Before any window is seen: on real stores ln(actual/expected) has about this deviation. */
const USUAL_SPREAD = 0.2;
/** How many windows the usual spread counts for. */
const USUAL_WEIGHT = 2;
/** 90th percentile of the normal distribution. */
const Z = 1.2815515655446004;

type When = { asOfDay: number; horizonDays: number; firstDay: number };

/**
 * How far a store's total of expected orders, or spend, may be off. The error of the parameters is
 * far too small to say (66–114 orders on CDNOW against 216–305 in truth): season and trend are in
 * no parameter. What the store itself shows is how far past totals were off, so the spread of the
 * bias over its rolling windows is combined with the parameters' error.
 */
export function totalRange(purchases: Purchases, when: When): TotalRange {
  const windows = rollingTotals(purchases, when);
  let squares = USUAL_WEIGHT * USUAL_SPREAD ** 2;
  let count = USUAL_WEIGHT;
  for (const { expected, actual } of windows) {
    if (!(expected > 0) || !(actual > 0)) continue;
    squares += Math.log(actual / expected) ** 2;
    count++;
  }
  const histories = compressHistories(summarize(purchases, when.asOfDay));
  const parameterError = totalOrdersError(histories, when.horizonDays);
  const spread = Math.sqrt(squares / count + parameterError ** 2);
  return {
    low: Math.exp(-Z * spread),
    high: Math.exp(Z * spread),
    spread,
    parameterError,
    windows,
  };
}

/** Totals of windows that end at the as-of day or earlier, half a horizon apart, newest first. */
export function rollingTotals(purchases: Purchases, when: When): WindowTotal[] {
  const { asOfDay, horizonDays, firstDay } = when;
  const windows: WindowTotal[] = [];
  const step = Math.max(1, Math.round(horizonDays / 2));
  let cutoffDay = asOfDay - horizonDays;
  for (; cutoffDay - firstDay >= horizonDays && windows.length < MAX_WINDOWS; cutoffDay -= step) {
    const summary = summarize(purchases, cutoffDay);
    const histories = compressHistories(summary);
    const outcomes = outcomesOf(purchases, summary, [cutoffDay, cutoffDay + horizonDays]);
    windows.push({
      cutoffDay,
      expected: totalOrders(histories, fitCandidate(candidates[0], histories), horizonDays),
      actual: outcomes.orders.reduce((sum, orders) => sum + orders, 0),
    });
  }
  return windows;
}

function totalOrders(
  { rows, frequency, recencyDays, ageDays, weight }: Histories,
  likelihood: Parameters<typeof forecastOf>[0],
  horizonDays: number,
): number {
  const forecast = forecastOf(likelihood);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const history = { frequency: frequency[i], recency: recencyDays[i], age: ageDays[i] };
    total += weight[i] * forecast.orders(history, horizonDays);
  }
  return total;
}

/** Relative standard error of Σ expected orders under the Laplace approximation of MBG/NBD. */
export function totalOrdersError(histories: Histories, horizonDays: number): number {
  const fit = fitMbgNbd(histories);
  const point = Float64Array.from([fit.r, fit.alpha, fit.a, fit.b], Math.log);
  const covariances = covariance(
    betaGeometricObjective(histories, 1),
    point,
    mbgPriorOf(histories),
  );
  if (!covariances || histories.customers === 0) return 0;
  const lnTotal = (at: Float64Array) => {
    const [r, alpha, a, b] = at.map(Math.exp);
    return Math.log(totalOrders(histories, { ...fit, r, alpha, a, b }, horizonDays));
  };
  const gradient = point.map((_, i) => {
    const moved = (by: number) => lnTotal(point.map((value, j) => (i === j ? value + by : value)));
    return (moved(1e-3) - moved(-1e-3)) / 2e-3;
  });
  const error = errorOf(gradient, covariances);
  return Number.isFinite(error) ? error : 0;
}
