import { candidates, type Candidate } from "./candidates.ts";
import { weighted } from "./history-rows.ts";
import {
  baseLogLoss,
  calibrationBins,
  likelihoodMetrics,
  type Buyers,
  type CalibrationBin,
  type LikelihoodMetrics,
} from "./likelihood-metrics.ts";
import { fewerModels, modelWeights } from "./model-weights.ts";
import { fewerOf, LARGE, type PastWindow } from "./past-windows.ts";

/** One model on an earlier window of the store itself. */
export type Trial = LikelihoodMetrics & { candidate: Candidate };

/** The models chosen for a store, and why. */
export type Selection = {
  chosen: Candidate[];
  /** How much each of the chosen counts in their average; they add up to one. */
  weights: number[];
  /** Each model alone in the last window. */
  trials: Trial[];
  /** The average of the chosen models in the last window. */
  test: WindowTest;
  /** The same average in ten bins: what was predicted and what share then bought. */
  calibration: CalibrationBin[];
};

export type WindowTest = LikelihoodMetrics & {
  customers: number;
  buyers: number;
  /** Log loss of the best constant: the share who bought, known only afterwards. */
  baseLogLoss: number;
};

/** With fewer buyers, or others, than this a window has no say. */
const THIN = 20;

/** Weighs every model by the store's past windows, the newest first. */
export function weighModels(windows: PastWindow[]): Pick<Selection, "chosen" | "weights"> {
  const heard = windows.filter((window) => fewerOf(window) >= THIN);
  const verdicts = heard.map((window) => ({
    probabilities: candidates.map(window.probabilities),
    rows: rowsOf(window),
  }));
  const all = modelWeights(verdicts);
  const large = heard.some(({ outcomes }) => outcomes.customers > LARGE);
  const weights = large ? fewerModels(verdicts, all) : all;
  return {
    chosen: candidates.filter((_, i) => weights[i] > 0),
    weights: weights.filter((weight) => weight > 0),
  };
}

/** Weighs every model, and judges each and their average in the newest window. */
export function selectModels(windows: [PastWindow, ...PastWindow[]]): Selection {
  const [last] = windows;
  const rows = rowsOf(last);
  const { chosen, weights } = weighModels(windows);
  const average = weighted(chosen.map(last.probabilities), weights);
  return {
    chosen,
    weights,
    trials: candidates.map((candidate) => ({
      candidate,
      ...likelihoodMetrics(last.probabilities(candidate), rows),
    })),
    test: {
      customers: last.outcomes.customers,
      buyers: last.outcomes.buyers,
      baseLogLoss: baseLogLoss(rows),
      ...likelihoodMetrics(average, rows),
    },
    calibration: calibrationBins(average, rows),
  };
}

function rowsOf({ histories, buyers }: PastWindow): Buyers {
  return { weight: histories.weight, buyers };
}
