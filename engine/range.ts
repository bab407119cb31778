import type { StoreFit } from "./fit.ts";
import { compressHistories, type Histories } from "./histories/histories.ts";
import type { Summary } from "./histories/summary.ts";
import { betaGeometricObjective } from "./models/beta-geometric-fit.ts";
import { ordersOf, totalOf } from "./models/history-rows.ts";
import { covariance, errorOf } from "./models/laplace.ts";
import { fitMbgNbd, mbgPriorOf } from "./models/mbg-nbd.ts";

/** Expected and actual spend of a whole store in one window of its past. */
export type WindowTotal = { cutoffDay: number; expected: number; actual: number };

/** 80 % range of a total, as factors of the expected one. */
export type TotalRange = {
  low: number;
  high: number;
  /**
   * Standard deviation of ln(actual/expected), estimated from past windows and `parameterError`.
   */
  spread: number;
  /** The part of it due to the uncertainty of the parameters. */
  parameterError: number;
  windows: WindowTotal[];
};

/** Prior: on real stores ln(actual/expected) has about this standard deviation. */
const PRIOR_SPREAD = 0.2;
/** Weight of the prior, in windows. */
const PRIOR_WINDOWS = 2;
/** 90th percentile of the normal distribution. */
const Z = 1.2815515655446004;

/**
 * 80 % range of a store's total expected spend. The standard error of the parameters is far too
 * small (66–114 orders on CDNOW, where predictions were off by 216–305), since no parameter covers
 * season or trend. It is therefore combined with the errors of past totals, each predicted as
 * today's is, from what was known before it.
 */
export function totalRange(summary: Summary, fit: StoreFit): TotalRange {
  const totals = fit.rehearsal?.totals ?? [];
  const windows = totals.map(({ cutoffDay, spend }) => ({ cutoffDay, ...spend }));
  let squares = PRIOR_WINDOWS * PRIOR_SPREAD ** 2;
  let count = PRIOR_WINDOWS;
  for (const { expected, actual } of windows) {
    if (!(expected > 0) || !(actual > 0)) continue;
    squares += Math.log(actual / expected) ** 2;
    count++;
  }
  const parameterError = totalOrdersError(compressHistories(summary), fit.horizonDays);
  const spread = Math.sqrt(squares / count + parameterError ** 2);
  return {
    low: Math.exp(-Z * spread),
    high: Math.exp(Z * spread),
    spread,
    parameterError,
    windows,
  };
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
    return Math.log(
      totalOf(histories, ordersOf({ ...fit, r, alpha, a, b }, histories, horizonDays)),
    );
  };
  const gradient = point.map((_, i) => {
    const moved = (by: number) => lnTotal(point.map((value, j) => (i === j ? value + by : value)));
    return (moved(1e-3) - moved(-1e-3)) / 2e-3;
  });
  const error = errorOf(gradient, covariances);
  return Number.isFinite(error) ? error : 0;
}
