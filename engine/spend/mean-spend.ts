import type { Summary } from "../histories/summary.ts";
import {
  expectedMeanSpend,
  fitGammaGamma,
  type GammaGamma,
  spendOf,
  storeMeanSpend,
} from "./gamma-gamma.ts";

/** Gamma-Gamma with the store's own mean beside it. */
export type SpendFit = GammaGamma & {
  /** Mean spend for each purchase over the whole store. */
  storeMean: number;
  /** How far a customer's own mean is trusted, 0 … 1: less than 1 with few repeat customers. */
  trust: number;
};

/** From this many repeat customers on, a customer's own mean is trusted as the model says. */
const TRUSTED_REPEATERS = 30;

export function fitSpend(summary: Summary): SpendFit {
  const spend = spendOf(summary);
  let repeaters = 0;
  for (const x of summary.frequency) if (x > 0) repeaters++;
  return {
    ...fitGammaGamma(spend),
    storeMean: storeMeanSpend(spend),
    trust: Math.min(1, repeaters / TRUSTED_REPEATERS),
  };
}

/** A customer's expected spend for each purchase, never below zero. */
export function meanSpend(spend: SpendFit, purchases: number, observed: number): number {
  const own = expectedMeanSpend(spend, purchases, observed);
  return spend.trust * own + (1 - spend.trust) * spend.storeMean;
}
