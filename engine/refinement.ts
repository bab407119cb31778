import type { Histories, History } from "./histories.ts";
import { minimize } from "./minimize.ts";
import { logistic, softplus } from "./special.ts";

/**
 * A logistic regression on what the models say and on the logarithms of x, silence, T and t_x,
 * learned on the store's last window. Its logit is averaged with the models' own. A shift then
 * gives back the models' mean probability: who is likelier than whom may be learned from the last
 * window, its level, which is last season's, may not.
 */
export type Refinement = {
  intercept: number;
  weights: number[];
  /** Range of each feature where it was learned: beyond it nothing is known, and nothing changes. */
  low: number[];
  high: number[];
  shift: number;
};

/** Customers with what the models say of them, row by row. */
export type Opinions = { histories: Histories; probabilities: Float64Array };

const FEATURES = 5;
/** How firmly weights are held to "what the models say", in customers. */
const RIDGE = 10;
/** Six numbers are learned well from this many rows; of more, sorted as they are, every so manieth. */
const SAMPLE_ROWS = 20_000;

function logit(probability: number): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(p / (1 - p));
}

function featuresOf(probability: number, { frequency, recency, age }: History): number[] {
  return [
    logit(probability),
    Math.log1p(frequency),
    Math.log1p(age - recency),
    Math.log1p(age),
    Math.log1p(recency),
  ];
}

/** The refined probability of one customer. */
export function refine(refinement: Refinement, probability: number, history: History): number {
  const { intercept, weights, low, high, shift } = refinement;
  let learned = intercept;
  featuresOf(probability, history).forEach((value, i) => {
    learned += weights[i] * Math.min(high[i], Math.max(low[i], value));
  });
  return logistic((learned + logit(probability)) / 2 + shift);
}

/** The shift under which the refined probabilities add up to the models' own. */
export function withShift(refinement: Refinement, opinions: Opinions): Refinement {
  const { histories, probabilities } = opinions;
  const target = weightedSum(probabilities, histories.weight);
  let [low, high] = [-50, 50];
  for (let halving = 0; halving < 50; halving++) {
    const shift = (low + high) / 2;
    const refined = refineAll({ ...refinement, shift }, opinions);
    if (weightedSum(refined, histories.weight) > target) high = shift;
    else low = shift;
  }
  return { ...refinement, shift: (low + high) / 2 };
}

/** Refined probabilities of all rows. */
export function refineAll(refinement: Refinement, opinions: Opinions): Float64Array {
  const { histories, probabilities } = opinions;
  return probabilities.map((probability, row) =>
    refine(refinement, probability, historyOf(histories, row)),
  );
}

/** Learns from a window: the models' probabilities before it and the buyers of each row in it. */
export function fitRefinement(opinions: Opinions, buyers: Float64Array): Refinement {
  const { histories, probabilities } = opinions;
  const step = Math.max(1, Math.floor(histories.rows / SAMPLE_ROWS));
  const rows = Math.ceil(histories.rows / step);
  const weight = Float64Array.from({ length: rows }, (_, i) => histories.weight[i * step]);
  const bought = Float64Array.from({ length: rows }, (_, i) => buyers[i * step]);
  const columns = Array.from({ length: FEATURES }, () => new Float64Array(rows));
  for (let sample = 0; sample < rows; sample++) {
    const row = sample * step;
    const features = featuresOf(probabilities[row], historyOf(histories, row));
    for (let i = 0; i < FEATURES; i++) columns[i][sample] = features[i];
  }
  const scales = columns.map((column) => scaleOf(column, weight));
  const point = regress({ columns, scales, weight, buyers: bought });
  const weights = scales.map(({ deviation }, i) => point[i + 1] / deviation);
  const intercept = scales.reduce((sum, { mean }, i) => sum - weights[i] * mean, point[0]);
  return {
    intercept,
    weights,
    low: columns.map((column) => column.reduce((least, value) => Math.min(least, value), Infinity)),
    high: columns.map((column) => column.reduce((most, value) => Math.max(most, value), -Infinity)),
    shift: 0,
  };
}

type Scale = { mean: number; deviation: number };

type Regression = {
  columns: Float64Array[];
  scales: Scale[];
  weight: Float64Array;
  buyers: Float64Array;
};

/** Penalized maximum likelihood on standardized features, from "what the models say" outward. */
function regress({ columns, scales, weight, buyers }: Regression): Float64Array {
  const prior = [0, scales[0].deviation, 0, 0, 0, 0];
  const start = [scales[0].mean, ...prior.slice(1)];
  const customers = Math.max(
    1,
    weight.reduce((sum, count) => sum + count, 0),
  );
  const objective = (point: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < weight.length; row++) {
      let z = point[0];
      for (let i = 0; i < FEATURES; i++) {
        z += (point[i + 1] * (columns[i][row] - scales[i].mean)) / scales[i].deviation;
      }
      loss += weight[row] * softplus(z) - buyers[row] * z;
      const error = weight[row] * logistic(z) - buyers[row];
      gradient[0] += error;
      for (let i = 0; i < FEATURES; i++) {
        gradient[i + 1] += (error * (columns[i][row] - scales[i].mean)) / scales[i].deviation;
      }
    }
    for (let i = 1; i <= FEATURES; i++) {
      loss += (RIDGE / 2) * (point[i] - prior[i]) ** 2;
      gradient[i] += RIDGE * (point[i] - prior[i]);
    }
    for (let i = 0; i <= FEATURES; i++) gradient[i] /= customers;
    return loss / customers;
  };
  return minimize(objective, start, { tolerance: 1e-7 }).point;
}

function scaleOf(column: Float64Array, weight: Float64Array): Scale {
  const customers = Math.max(
    1,
    weight.reduce((sum, count) => sum + count, 0),
  );
  const mean = weightedSum(column, weight) / customers;
  let squares = 0;
  for (let row = 0; row < column.length; row++) squares += weight[row] * (column[row] - mean) ** 2;
  const deviation = Math.sqrt(squares / customers);
  return { mean, deviation: deviation > 1e-9 ? deviation : 1 };
}

function weightedSum(values: Float64Array, weight: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += weight[row] * values[row];
  return sum;
}

function historyOf({ frequency, recencyDays, ageDays }: Histories, row: number): History {
  return { frequency: frequency[row], recency: recencyDays[row], age: ageDays[row] };
}
