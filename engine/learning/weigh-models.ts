import {
  type Buyers,
  type LikelihoodMetrics,
  likelihoodMetrics,
} from "../maths/likelihood-metrics.ts";
import { type Candidate, candidates } from "../models/candidates.ts";
import { modelWeights } from "./optimal-weights.ts";
import { fewerOf, LARGE, type PastWindow } from "./past-windows.ts";

/** One model alone on a past window. */
export type Trial = LikelihoodMetrics & { candidate: Candidate };

/** Windows with fewer buyers, or fewer non-buyers, are not used. */
const MIN_BUYERS = 20;

/**
 * Weights of the models from the store's past windows, newest first; only models with a weight
 * above 0.
 */
export function weighModels(windows: PastWindow[]): { chosen: Candidate[]; weights: number[] } {
  const used = windows.filter((window) => fewerOf(window) >= MIN_BUYERS);
  const predictions = used.map((window) => ({
    probabilities: candidates.map(window.probabilities),
    rows: rowsOf(window),
  }));
  const weights = modelWeights(
    predictions,
    used.some(({ customers }) => customers > LARGE),
  );
  return {
    chosen: candidates.filter((_, i) => weights[i] > 0),
    weights: weights.filter((weight) => weight > 0),
  };
}

/** Each model alone in a window. */
export function tryModels(window: PastWindow): Trial[] {
  return candidates.map((candidate) => ({
    candidate,
    ...likelihoodMetrics(window.probabilities(candidate), rowsOf(window)),
  }));
}

function rowsOf({ histories, rowBuyers }: PastWindow): Buyers {
  return { weight: histories.weight, buyers: rowBuyers };
}
