import {
  type Buyers,
  type LikelihoodMetrics,
  likelihoodMetrics,
} from "../maths/likelihood-metrics.ts";
import { type Candidate, candidates } from "../models/candidates.ts";
import { modelWeights } from "./model-weights.ts";
import { fewerOf, LARGE, type PastWindow } from "./past-windows.ts";

/** One model on an earlier window of the store itself. */
export type Trial = LikelihoodMetrics & { candidate: Candidate };

/** With fewer buyers, or others, than this a window has no say. */
const THIN = 20;

/** Weighs every model by the store's past windows, the newest first. */
export function weighModels(windows: PastWindow[]): { chosen: Candidate[]; weights: number[] } {
  const heard = windows.filter((window) => fewerOf(window) >= THIN);
  const verdicts = heard.map((window) => ({
    probabilities: candidates.map(window.probabilities),
    rows: rowsOf(window),
  }));
  const weights = modelWeights(
    verdicts,
    heard.some(({ customers }) => customers > LARGE),
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
