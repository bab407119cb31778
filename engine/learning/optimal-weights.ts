import type { Buyers } from "../maths/likelihood-metrics.ts";
import { minimize } from "../maths/minimize.ts";
import { type Candidate, candidates } from "../models/candidates.ts";

/** Each candidate's predictions for a window, row by row, and who bought in it. */
export type CandidatePredictions = { probabilities: Float64Array[]; rows: Buyers };

/**
 * Prior weights, used as they are without past windows. The models err in different directions from
 * one window to the next, so their average predicts better than the one that looked best.
 */
const PRIOR_WEIGHTS: Record<Candidate, number> = {
  "mbg-nbd": 0.3,
  "pareto-nbd": 0.2,
  "mbg-cnbd-2": 0.2,
  "mbg-cnbd-3": 0.075,
  "mbg-cnbd-4": 0.025,
  "bg-nbd": 0.1,
  nbd: 0.1,
};
/** Strength of the prior, in windows. */
const PRIOR_STRENGTH = 0.03;
/**
 * Models with a smaller weight are dropped; weights between this and twice this are reduced
 * continuously, so that no model appears or disappears overnight. Large stores, where every model
 * costs seconds, keep fewer.
 */
const LEAST = 0.01;
const LEAST_LARGE = 0.08;
/** Smallest probability in a logarithm. */
const TINY = 1e-9;

/**
 * Weights of the candidates, in their order and summing to one: the average of their probabilities
 * has the lowest log loss in the store's past windows, penalized by a Dirichlet prior around the
 * prior weights, which counts less with every further window.
 */
export function modelWeights(windows: CandidatePredictions[], large = false): number[] {
  const prior = candidates.map((candidate) => PRIOR_WEIGHTS[candidate]);
  if (windows.length === 0) return prior;
  const shares = windows.map(({ rows }) => 1 / (windows.length * customersOf(rows)));
  const strength = PRIOR_STRENGTH / windows.length;
  const objective = (point: Float64Array, gradient: Float64Array) => {
    const weights = softmax(point);
    const credit = new Float64Array(weights.length);
    let loss = 0;
    windows.forEach((window, i) => {
      loss += shares[i] * addLoss(window, weights, { share: shares[i], credit });
    });
    for (let k = 0; k < weights.length; k++) {
      loss -= strength * prior[k] * Math.log(Math.max(Number.MIN_VALUE, weights[k]));
      gradient[k] = weights[k] * (1 - credit[k] + strength) - strength * prior[k];
    }
    return loss;
  };
  const start = Float64Array.from(prior, Math.log);
  const weights = softmax(minimize(objective, [...start], { tolerance: 1e-6 }).point);
  const least = large ? LEAST_LARGE : LEAST;
  return normed([...weights].map((weight) => weight * faded(weight, least)));
}

function faded(weight: number, least: number): number {
  return Math.min(1, Math.max(0, weight / least - 1));
}

function normed(weights: number[]): number[] {
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

type Credit = {
  share: number;
  /** For each model: mean over customers of its probability of the outcome over the mixture's. */
  credit: Float64Array;
};

/** Summed log loss of the mixture; adds to the credit of each model. */
function addLoss(
  { probabilities, rows }: CandidatePredictions,
  weights: Float64Array,
  to: Credit,
): number {
  const { weight, buyers } = rows;
  let loss = 0;
  for (let row = 0; row < weight.length; row++) {
    let mixed = 0;
    for (let k = 0; k < weights.length; k++) mixed += weights[k] * probabilities[k][row];
    const bought = Math.max(TINY, mixed);
    const not = Math.max(TINY, 1 - mixed);
    const others = weight[row] - buyers[row];
    if (buyers[row] > 0) loss -= buyers[row] * Math.log(bought);
    if (others > 0) loss -= others * Math.log(not);
    const ofBuyer = (to.share * buyers[row]) / bought;
    const ofOther = (to.share * others) / not;
    for (let k = 0; k < weights.length; k++) {
      const probability = probabilities[k][row];
      to.credit[k] += ofBuyer * probability + ofOther * (1 - probability);
    }
  }
  return loss;
}

function softmax(point: Float64Array): Float64Array {
  const most = point.reduce((high, value) => Math.max(high, value), -Infinity);
  const raised = point.map((value) => Math.exp(value - most));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

function customersOf({ weight }: Buyers): number {
  return Math.max(1, sum(Array.from(weight)));
}
