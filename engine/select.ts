import { candidates, fitCandidate, type Candidate } from "./candidates.ts";
import { forecastOf, type Likelihood } from "./forecast.ts";
import { compressHistories, keyOf, keyOfRow, type Histories } from "./histories.ts";
import {
  baseLogLoss,
  calibrationBins,
  likelihoodMetrics,
  logLoss,
  lossDifferenceError,
  type CalibrationBin,
  type LikelihoodMetrics,
} from "./likelihood-metrics.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Summary } from "./summary.ts";

/** One model on an earlier window of the store itself. */
export type Trial = LikelihoodMetrics & { candidate: Candidate };

/** The models chosen for a store, and why. */
export type Selection = {
  chosen: Candidate[];
  trials: Trial[];
  /** The average of the chosen models in the window. */
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

/**
 * Models this near to the best by log loss are averaged with it, or within the standard error of
 * the difference where that is more: the window cannot tell them apart.
 */
const NEAR = 0.004;
/** With fewer buyers, or others, than this the window is too thin to choose by. */
const THIN = 50;

/** A window to choose by: what was known before it, and what happened in it. */
export type Window = {
  summary: Summary;
  outcomes: Outcomes;
  horizonDays: number;
  /** Fits a model to the summary; given where the caller wants the fits too. */
  fit?: (candidate: Candidate) => Likelihood;
};

/** Tries every model on the window; MBG/NBD alone where that is too thin to tell them apart. */
export function selectModels({ summary, outcomes, horizonDays, fit }: Window): Selection {
  const histories = compressHistories(summary);
  const fitted = fit ?? ((candidate: Candidate) => fitCandidate(candidate, histories));
  const rows = { weight: histories.weight, buyers: buyersOf(histories, summary, outcomes) };
  const thin = Math.min(outcomes.buyers, outcomes.customers - outcomes.buyers) < THIN;
  const tried = (thin ? candidates.slice(0, 1) : candidates).map((candidate) => {
    const probabilities = buyProbabilities(fitted(candidate), histories, horizonDays);
    return { candidate, probabilities, logLoss: logLoss(probabilities, rows) };
  });
  const best = tried.reduce((left, right) => (right.logLoss < left.logLoss ? right : left));
  const near = tried.filter(({ probabilities, logLoss: loss }) => {
    const noise = lossDifferenceError(probabilities, best.probabilities, rows);
    return loss - best.logLoss <= Math.max(NEAR, noise);
  });
  const average = mean(near.map((trial) => trial.probabilities));
  return {
    chosen: near.map((trial) => trial.candidate),
    trials: tried.map(({ candidate, probabilities }) => ({
      candidate,
      ...likelihoodMetrics(probabilities, rows),
    })),
    test: {
      customers: outcomes.customers,
      buyers: outcomes.buyers,
      baseLogLoss: baseLogLoss(rows),
      ...likelihoodMetrics(average, rows),
    },
    calibration: calibrationBins(average, rows),
  };
}

/** P(buy within the horizon) for each row of histories. */
export function buyProbabilities(
  likelihood: Likelihood,
  { rows, frequency, recencyDays, ageDays }: Histories,
  horizonDays: number,
): Float64Array {
  const forecast = forecastOf(likelihood);
  const history = { frequency: 0, recency: 0, age: 0 };
  const probabilities = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    history.frequency = frequency[i];
    history.recency = recencyDays[i];
    history.age = ageDays[i];
    probabilities[i] = forecast.buy(history, horizonDays);
  }
  return probabilities;
}

/** The plain mean of what several models say of each row. */
export function meanProbabilities(
  models: Likelihood[],
  histories: Histories,
  horizonDays: number,
): Float64Array {
  return mean(models.map((model) => buyProbabilities(model, histories, horizonDays)));
}

/** Buyers among the customers of each row of histories. */
export function buyersOf(histories: Histories, summary: Summary, outcomes: Outcomes): Float64Array {
  const keys = new Float64Array(outcomes.buyers);
  let next = 0;
  for (let i = 0; i < summary.customers; i++) {
    if (outcomes.bought[i] === 1) keys[next++] = keyOf(summary, i);
  }
  keys.sort();
  const buyers = new Float64Array(histories.rows);
  let row = 0;
  for (const key of keys) {
    while (keyOfRow(histories, row) < key) row++;
    buyers[row]++;
  }
  return buyers;
}

function mean(lists: Float64Array[]): Float64Array {
  return lists[0].map((_, i) => lists.reduce((sum, list) => sum + list[i], 0) / lists.length);
}
