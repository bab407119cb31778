import type { StoreFit } from "./fit.ts";
import type { Summary } from "./histories/summary.ts";
import { predict, type Predictions } from "./predict.ts";
import { plainTiers } from "./tiers.ts";

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
  return { ...predictions, ...plainTiers({ ...summary, ...predictions }, fit) };
}
