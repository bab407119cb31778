import type { Likelihood } from "../models/forecast.ts";
import type { SpendFit } from "./mean-spend.ts";

/**
 * Lognormal spend of a customer who buys: its mean, and the standard deviation of its logarithm.
 */
export type Spread = { mean: number; deviation: number };

export type SpreadModel = { spend: SpendFit; shape: number };

/**
 * Shape of the Gamma distribution of order rates, the mean over the models; k events of MBG/CNBD-k
 * are one order.
 */
export function shapeOf(likelihoods: Likelihood[], weights: number[] | undefined): number {
  return likelihoods.reduce((sum, likelihood, i) => {
    const events = likelihood.model === "mbg-cnbd" ? likelihood.k : 1;
    return sum + ((weights?.[i] ?? 1 / likelihoods.length) * likelihood.r) / events;
  }, 0);
}

/**
 * Spend given at least one order. Its mean is expected spend / P(buy); its variance comes from the
 * number of orders (a Gamma rate of shape r + x), the spend of each (shape p) and the uncertainty
 * of the customer's own mean (shape q + p n):
 *
 *   CV² = [1/p + Var(N)/E(N)]/E(N) + (1 + 1/(p E(N)))/(q + p n − 2).
 */
export function spreadOf(
  { spend: { p, q }, shape }: SpreadModel,
  customer: { frequency: number; buys: number; orders: number; spend: number },
): Spread {
  const { frequency, buys } = customer;
  const orders = Math.max(1, customer.orders / buys);
  const further = orders - 1;
  const ordersVariance = further + (further * further) / (shape + frequency);
  const unknown = 1 / Math.max(0.5, q + p * (frequency + 1) - 2);
  const squared = (1 / p + ordersVariance / orders) / orders + unknown * (1 + 1 / (p * orders));
  return { mean: customer.spend / buys, deviation: Math.sqrt(Math.log1p(squared)) };
}
