import type { StoreFit } from "./fit.ts";
import type { Predictions } from "./predict.ts";
import { lognormalQuantile } from "./quantiles.ts";
import type { Summary } from "./summary.ts";

/** 80 % prediction interval of each customer's spend within the horizon: one value for each row. */
export type SpendIntervals = { low: Float64Array; high: Float64Array };

const LOW = 0.1;
const HIGH = 0.9;

/**
 * What a customer will have spent at the end of the horizon, in 8 of 10 cases. With probability
 * 1 − P(buy) it is nothing; otherwise its mean is expected spend / P(buy), and it varies with the
 * number of orders (a Gamma rate of shape r + x), the spend of each (shape p) and what is not known
 * of the customer's own mean (shape q + p n):
 *
 *   CV² = [1/p + Var(N)/E(N)]/E(N) + (1 + 1/(p E(N)))/(q + p n − 2).
 */
export function spendIntervals(
  summary: Summary,
  fit: StoreFit,
  predictions: Predictions,
): SpendIntervals {
  const { p, q } = fit.spend;
  const { r } = fit.likelihood;
  const low = new Float64Array(summary.customers);
  const high = new Float64Array(summary.customers);
  for (let i = 0; i < summary.customers; i++) {
    const buys = predictions.buyProbability[i];
    if (!(buys > 0)) continue;
    const purchases = summary.frequency[i] + 1;
    const orders = Math.max(1, predictions.expectedOrders[i] / buys);
    const further = orders - 1;
    const ordersVariance = further + (further * further) / (r + summary.frequency[i]);
    const unknown = 1 / Math.max(0.5, q + p * purchases - 2);
    const squared = (1 / p + ordersVariance / orders) / orders + unknown * (1 + 1 / (p * orders));
    const mean = predictions.expectedSpend[i] / buys;
    const quantile = (level: number) => {
      const among = (level - (1 - buys)) / buys;
      return among > 0 ? lognormalQuantile(mean, Math.sqrt(squared), among) : 0;
    };
    low[i] = quantile(LOW);
    high[i] = quantile(HIGH);
  }
  return { low, high };
}
