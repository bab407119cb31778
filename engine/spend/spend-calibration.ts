import { regress } from "../maths/regression.ts";
import { sortedSum } from "../maths/sorted-sum.ts";
import { logit } from "../maths/special.ts";

/**
 * Calibration of values, so that the values of any group of customers sum to about what it will
 * spend. A value based on past spend is too high for customers who are unlikely to buy again. It is
 * multiplied by
 *
 *   p^byLikelihood,
 *
 * so that it depends on likelihood as the models' expected spend does, and by e^(slopes ·
 * features), features ln(value/unit) and logit p, with slopes learned on past windows. One scale
 * for the store keeps its total.
 */
export type SpendLevel = SpendSlopes & {
  byLikelihood: number;
  /** Mean value of the store. */
  unit: number;
  scale: number;
};

/** What is learned on past windows. */
export type SpendSlopes = {
  slopes: number[];
  /** Range of each feature in the training data; features are clamped to it. */
  low: number[];
  high: number[];
};

const NO_SLOPES: SpendSlopes = { slopes: [0, 0], low: [0, 0], high: [0, 0] };

/** For each customer: the value score, the models' expected spend, and P(buy). */
export type Values = { value: Float64Array; modelSpend: Float64Array; probability: Float64Array };

/** One customer's calibrated value. */
export function levelledValue(level: SpendLevel, value: number, probability: number): number {
  if (!(value > 0)) return value;
  const { byLikelihood, slopes, low, high, unit, scale } = level;
  const likely = logit(probability);
  const own = value * Math.exp(byLikelihood * lnOf(probability));
  const size = Math.min(high[0], Math.max(low[0], Math.log(own / unit)));
  const held = Math.min(high[1], Math.max(low[1], likely));
  return scale * own * Math.exp(slopes[0] * size + slopes[1] * held);
}

/** The calibration of a store's values, with the models' total; null where that is not positive. */
export function levelOfValues(values: Values, slopes: SpendSlopes | null): SpendLevel | null {
  const { value, modelSpend, probability } = values;
  const total = sortedSum(modelSpend);
  if (!(total > 0) || !Number.isFinite(total)) return null;
  const byLikelihood = powerOfLikelihood(values, total);
  const plain = { ...NO_SLOPES, byLikelihood, unit: total / value.length, scale: 1 };
  const whole = sortedSum(value.map((each, i) => levelledValue(plain, each, probability[i])));
  const unit = whole / value.length;
  if (!(unit > 0) || !Number.isFinite(unit)) return null;
  const unscaled = { ...(slopes ?? NO_SLOPES), byLikelihood, unit, scale: 1 };
  const moved = sortedSum(value.map((each, i) => levelledValue(unscaled, each, probability[i])));
  const scale = total / moved;
  return Number.isFinite(scale) ? { ...unscaled, scale } : null;
}

function lnOf(probability: number): number {
  return Math.log(Math.min(1, Math.max(1e-6, probability)));
}

/** Bins of ln p, an eighth wide, down to p = 1e-6. */
const BINS = 112;
const OF_LN = 8;
/** Sums of whole numbers are exact in any order of customers. */
const GRAIN = 2 ** 50;

/** The power of p at which values depend on likelihood as the models' expected spend does. */
function powerOfLikelihood({ value, modelSpend, probability }: Values, total: number): number {
  const worth = sortedSum(value);
  const values = new Float64Array(BINS);
  const models = new Float64Array(BINS);
  for (let i = 0; i < value.length; i++) {
    if (!(value[i] > 0)) continue;
    const bin = Math.round(-lnOf(probability[i]) * OF_LN);
    values[bin] += Math.round((value[i] / worth) * GRAIN);
    models[bin] += Math.round((modelSpend[i] / total) * GRAIN);
  }
  const bins = Array.from(values.keys()).filter((bin) => values[bin] > 0);
  if (bins.length < 2) return 0;
  const design = {
    features: [Float64Array.from(bins, (bin) => -bin / OF_LN)],
    window: new Uint8Array(bins.length),
    windows: 1,
    weight: Float64Array.from(bins, (bin) => values[bin] / GRAIN),
    outcome: Float64Array.from(bins, (bin) => models[bin] / values[bin]),
  };
  return regress(design, "amount", { centre: [0], ridge: 0 })[0];
}

/** Ridge penalty towards unchanged values, in buyers of equal spend. */
const RIDGE = 20;

/** A past window: values calibrated without slopes, and actual spend. */
export type SpendSample = { value: Float64Array; probability: Float64Array; spent: Float64Array };

/** Fits the slopes to past windows, newest first; null where nothing was spent. */
export function learnSpendSlopes(samples: SpendSample[]): SpendSlopes | null {
  const rows = samples.map(ordered);
  const size = rows.reduce((sum, each) => sum + each.length, 0);
  const features = [new Float64Array(size), new Float64Array(size)];
  const window = new Uint8Array(size);
  const weight = new Float64Array(size);
  const outcome = new Float64Array(size);
  let [next, spent, squares] = [0, 0, 0];
  samples.forEach((sample, at) => {
    const unit = sortedSum(sample.value) / sample.value.length;
    for (const row of rows[at]) {
      const amount = Math.max(0, sample.spent[row]);
      features[0][next] = Math.log(sample.value[row] / unit);
      features[1][next] = logit(sample.probability[row]);
      window[next] = at;
      weight[next] = rows[0].length / (rows[at].length * samples.length);
      outcome[next] = amount;
      spent += weight[next] * amount;
      squares += weight[next] * amount * amount;
      next++;
    }
  });
  if (!(squares > 0) || !Number.isFinite(squares)) return null;
  // Dispersion: the variance of spend is about its mean times this. Divided by it, amounts are like
  // counts.
  const grain = squares / spent;
  for (let row = 0; row < size; row++) outcome[row] /= grain;
  const design = { features, window, windows: samples.length, weight, outcome };
  const [ofValue, ofLikelihood] = regress(design, "amount", { centre: [1, 0], ridge: RIDGE });
  return {
    slopes: [ofValue - 1, ofLikelihood],
    low: features.map((column) => column.reduce((least, value) => Math.min(least, value))),
    high: features.map((column) => column.reduce((most, value) => Math.max(most, value))),
  };
}

/**
 * Rows of one window with a positive value, sorted so that sums do not depend on the order of the
 * input.
 */
function ordered({ value, probability, spent }: SpendSample): Uint32Array {
  return Uint32Array.from(value.keys())
    .filter((row) => value[row] > 0)
    .sort(
      (left, right) =>
        value[left] - value[right] ||
        probability[left] - probability[right] ||
        spent[left] - spent[right],
    );
}
