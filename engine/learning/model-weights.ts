import type { Buyers } from "../maths/likelihood-metrics.ts";
import { minimize } from "../maths/minimize.ts";
import { type Candidate, candidates } from "../models/candidates.ts";

/** What each candidate said before a window, row by row, and who then bought in it. */
export type Verdict = { probabilities: Float64Array[]; rows: Buyers };

/**
 * Weights where no window of the store has spoken. The models err in different directions from one
 * window to the next, so that their average is better than the best of them can be known to be.
 */
const USUAL: Record<Candidate, number> = {
  "mbg-nbd": 0.3,
  "pareto-nbd": 0.2,
  "mbg-cnbd-2": 0.2,
  "mbg-cnbd-3": 0.075,
  "mbg-cnbd-4": 0.025,
  "bg-nbd": 0.1,
  nbd: 0.1,
};
/** How firmly weights are held to the usual ones: as if so many windows more had spoken for these. */
const FIRMNESS = 0.03;
/**
 * A model that counts for less than this is left out, one that counts for twice as much stays as it
 * is: between the two it fades, so that no night's orders make a model come or go at once. In stores
 * in which every model costs seconds fewer are kept.
 */
const LEAST = 0.01;
const LEAST_LARGE = 0.08;
/** What a mixture is taken to have given at least to what happened. */
const TINY = 1e-9;

/**
 * Weights of the candidates, in their order and adding up to one, under which the average of their
 * probabilities would have had the least log loss in the store's past windows, held to the usual
 * weights by a Dirichlet prior that each further window outweighs more.
 */
export function modelWeights(windows: Verdict[], large = false): number[] {
  const usual = candidates.map((candidate) => USUAL[candidate]);
  if (windows.length === 0) return usual;
  const shares = windows.map(({ rows }) => 1 / (windows.length * customersOf(rows)));
  const firmness = FIRMNESS / windows.length;
  const objective = (point: Float64Array, gradient: Float64Array) => {
    const weights = softmax(point);
    const credit = new Float64Array(weights.length);
    let loss = 0;
    windows.forEach((window, i) => {
      loss += shares[i] * judge(window, weights, { share: shares[i], credit });
    });
    for (let k = 0; k < weights.length; k++) {
      loss -= firmness * usual[k] * Math.log(Math.max(Number.MIN_VALUE, weights[k]));
      gradient[k] = weights[k] * (1 - credit[k] + firmness) - firmness * usual[k];
    }
    return loss;
  };
  const start = Float64Array.from(usual, Math.log);
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
  /** Of each model: mean over customers of its probability of what happened over the mixture's. */
  credit: Float64Array;
};

/** Sum of −ln of what the mixture gave to what happened; adds to the credit of each model. */
function judge({ probabilities, rows }: Verdict, weights: Float64Array, to: Credit): number {
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
