import type { StoreFit } from "./fit.ts";
import type { Summary } from "./histories/summary.ts";
import { predict, type Predictions } from "./predict.ts";
import { buyTier, clvTier, isNew, NEW_TIER } from "./tiers.ts";

/** Predictions and tiers, one value for each row of the summary. */
export type Scores = Predictions & {
  /** Indices into `tiers`. */
  clvTier: Uint8Array;
  buyTier: Uint8Array;
};

/**
 * Scores a summary taken at `fit.asOfDay`. A customer's scores depend only on its own row and the
 * fit: the same row and fit give bit-identical scores, also after the fit was stored as JSON.
 */
export function scoreStore(summary: Summary, fit: StoreFit): Scores {
  const predictions = predict(summary, fit);
  const clv = new Uint8Array(summary.customers);
  const buy = new Uint8Array(summary.customers);
  for (let i = 0; i < summary.customers; i++) {
    const fresh = isNew(summary.frequency[i], summary.ageDays[i], fit.newMaxAgeDays);
    clv[i] = fresh ? NEW_TIER : clvTier(predictions.expectedSpend[i], fit.thresholds);
    buy[i] = fresh ? NEW_TIER : buyTier(predictions.buyProbability[i], fit.thresholds);
  }
  return { ...predictions, clvTier: clv, buyTier: buy };
}
