/**
 * What happened in a window, by rows of customers with equal histories: how many there are and how
 * many of them bought. The measures are those of single customers, whom a row stands for.
 */
export type Buyers = { weight: ArrayLike<number>; buyers: ArrayLike<number> };

/** One score or probability for each row. */
type Scores = ArrayLike<number>;

/** How probabilities did against what happened. */
export type LikelihoodMetrics = {
  auc: number | null;
  logLoss: number;
  brier: number;
  /** Expected calibration error over ten bins of equal size. */
  ece: number;
};

export function likelihoodMetrics(probabilities: Scores, rows: Buyers): LikelihoodMetrics {
  return {
    auc: auc(probabilities, rows),
    logLoss: logLoss(probabilities, rows),
    brier: brier(probabilities, rows),
    ece: calibrationError(probabilities, rows),
  };
}

/**
 * Area under the ROC curve: the probability that a buyer has a higher score than another customer,
 * ties counting a half. Null when all bought or none did.
 */
export function auc(scores: Scores, { weight, buyers }: Buyers): number | null {
  const order = ascending(scores);
  let buyersBelow = 0;
  let othersBelow = 0;
  let pairs = 0;
  for (let from = 0; from < order.length;) {
    let until = from;
    let tiedBuyers = 0;
    let tiedOthers = 0;
    for (; until < order.length && scores[order[until]] === scores[order[from]]; until++) {
      tiedBuyers += buyers[order[until]];
      tiedOthers += weight[order[until]] - buyers[order[until]];
    }
    pairs += tiedBuyers * (othersBelow + tiedOthers / 2);
    buyersBelow += tiedBuyers;
    othersBelow += tiedOthers;
    from = until;
  }
  return buyersBelow > 0 && othersBelow > 0 ? pairs / (buyersBelow * othersBelow) : null;
}

/** A probability is never taken to be surer than this: one miss must not cost infinitely much. */
const SUREST = 1e-6;

/** Mean −ln of the probability given to what happened. */
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

/** Log loss of the best constant: the share who bought, known only afterwards. */
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

/** Mean squared difference of probability and what happened. */
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

/** Ten bins of about equal size by probability: mean predicted against share who bought. */
export function calibrationBins(probabilities: Scores, rows: Buyers): CalibrationBin[] {
  const { weight, buyers } = rows;
  const customers = Array.from(weight).reduce((sum, one) => sum + one, 0);
  const bins: CalibrationBin[] = [];
  let seen = 0;
  for (const i of ascending(probabilities)) {
    const place = Math.min(9, Math.floor((10 * (seen + weight[i] / 2)) / customers));
    bins[place] ??= { customers: 0, predicted: 0, observed: 0 };
    bins[place].customers += weight[i];
    bins[place].predicted += weight[i] * probabilities[i];
    bins[place].observed += buyers[i];
    seen += weight[i];
  }
  return bins.filter(Boolean).map((bin) => ({
    customers: bin.customers,
    predicted: bin.predicted / bin.customers,
    observed: bin.observed / bin.customers,
  }));
}

/** Expected calibration error: mean gap of predicted and observed over the bins. */
export function calibrationError(probabilities: Scores, rows: Buyers): number {
  let sum = 0;
  let total = 0;
  for (const { customers, predicted, observed } of calibrationBins(probabilities, rows)) {
    sum += customers * Math.abs(predicted - observed);
    total += customers;
  }
  return total > 0 ? sum / total : 0;
}

/** Indices by ascending score. */
function ascending(scores: Scores): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  return order.sort((left, right) => scores[left] - scores[right] || left - right);
}
