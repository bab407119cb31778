import { tieGroups } from "./tie-groups.ts";

/**
 * Outcomes of a window, by rows of customers with equal histories: customers, and buyers among
 * them. Metrics are over customers, not rows.
 */
export type Buyers = { weight: ArrayLike<number>; buyers: ArrayLike<number> };

/** One score or probability for each row. */
type Scores = ArrayLike<number>;

/** How well probabilities predicted the outcomes. */
export type LikelihoodMetrics = {
  auc: number | null;
  logLoss: number;
  brier: number;
  /** Expected calibration error over ten bins of equal size. */
  ece: number;
};

export function likelihoodMetrics(probabilities: Scores, rows: Buyers): LikelihoodMetrics {
  const groups = group(probabilities, rows);
  return {
    auc: aucOf(groups),
    logLoss: logLoss(probabilities, rows),
    brier: brier(probabilities, rows),
    ece: errorOfBins(binsOf(groups)),
  };
}

/**
 * Area under the ROC curve: the probability that a buyer has a higher score than another customer,
 * ties counting a half. Null when all bought or none did.
 */
export function auc(scores: Scores, rows: Buyers): number | null {
  return aucOf(group(scores, rows));
}

/** Customers with equal scores, in ascending order of the score. */
type Groups = { customers: Float64Array; buyers: Float64Array; scores: Float64Array };

function group(scores: Scores, { weight, buyers }: Buyers): Groups {
  const { place, groups } = tieGroups(scores);
  const grouped: Groups = {
    customers: new Float64Array(groups),
    buyers: new Float64Array(groups),
    scores: new Float64Array(groups),
  };
  for (let i = 0; i < place.length; i++) {
    grouped.customers[place[i]] += weight[i];
    grouped.buyers[place[i]] += buyers[i];
    grouped.scores[place[i]] = scores[i];
  }
  return grouped;
}

function aucOf({ customers, buyers }: Groups): number | null {
  let buyersBelow = 0;
  let othersBelow = 0;
  let pairs = 0;
  for (let i = 0; i < customers.length; i++) {
    const others = customers[i] - buyers[i];
    pairs += buyers[i] * (othersBelow + others / 2);
    buyersBelow += buyers[i];
    othersBelow += others;
  }
  return buyersBelow > 0 && othersBelow > 0 ? pairs / (buyersBelow * othersBelow) : null;
}

/**
 * Probabilities are clamped this far from 0 and 1, so that no single miss has an infinite log loss.
 */
const SUREST = 1e-6;

/** Mean −ln of the probability of what happened. */
export function logLoss(probabilities: Scores, { weight, buyers }: Buyers): number {
  let sum = 0;
  let customers = 0;
  for (let i = 0; i < weight.length; i++) {
    const p = Math.min(1 - SUREST, Math.max(SUREST, probabilities[i]));
    sum -= buyers[i] * Math.log(p) + (weight[i] - buyers[i]) * Math.log1p(-p);
    customers += weight[i];
  }
  return customers > 0 ? sum / customers : 0;
}

/** Log loss of the best constant prediction: the share who bought. */
export function baseLogLoss({ weight, buyers }: Buyers): number {
  let customers = 0;
  let bought = 0;
  for (let i = 0; i < weight.length; i++) {
    customers += weight[i];
    bought += buyers[i];
  }
  if (bought === 0 || bought === customers) return 0;
  const rate = bought / customers;
  return -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate));
}

/** Mean squared difference of the probability and the outcome (0 or 1). */
export function brier(probabilities: Scores, { weight, buyers }: Buyers): number {
  let sum = 0;
  let customers = 0;
  for (let i = 0; i < weight.length; i++) {
    const p = probabilities[i];
    sum += buyers[i] * (1 - p) ** 2 + (weight[i] - buyers[i]) * p ** 2;
    customers += weight[i];
  }
  return customers > 0 ? sum / customers : 0;
}

/** One bin of a calibration plot: means over its customers. */
export type CalibrationBin = { customers: number; predicted: number; observed: number };

/**
 * Ten bins of about equal size by probability: mean predicted against share who bought. Customers
 * with equal probability share a bin.
 */
export function calibrationBins(probabilities: Scores, rows: Buyers): CalibrationBin[] {
  return binsOf(group(probabilities, rows));
}

function binsOf({ customers, buyers, scores }: Groups): CalibrationBin[] {
  const all = customers.reduce((sum, count) => sum + count, 0);
  const bins: CalibrationBin[] = [];
  let seen = 0;
  let place = -1;
  for (let i = 0; i < customers.length; i++) {
    const decile = Math.min(9, Math.floor((10 * (seen + customers[i] / 2)) / all));
    if (decile !== place) bins.push({ customers: 0, predicted: 0, observed: 0 });
    place = decile;
    const bin = bins[bins.length - 1];
    bin.customers += customers[i];
    bin.predicted += customers[i] * scores[i];
    bin.observed += buyers[i];
    seen += customers[i];
  }
  return bins.map((bin) => ({
    customers: bin.customers,
    predicted: bin.predicted / bin.customers,
    observed: bin.observed / bin.customers,
  }));
}

/** Expected calibration error: mean gap of predicted and observed over the bins. */
export function calibrationError(probabilities: Scores, rows: Buyers): number {
  return errorOfBins(calibrationBins(probabilities, rows));
}

function errorOfBins(bins: CalibrationBin[]): number {
  let sum = 0;
  let total = 0;
  for (const { customers, predicted, observed } of bins) {
    sum += customers * Math.abs(predicted - observed);
    total += customers;
  }
  return total > 0 ? sum / total : 0;
}
