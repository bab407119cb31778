import { regress } from "../maths/regression.ts";
import { sortedSum } from "../maths/sorted-sum.ts";
import { logit } from "../maths/special.ts";

/**
 * How values come to add up, whatever the customers are grouped by. A value read off past spend says
 * too much of the unlikely, who spent as well once: it is multiplied by
 *
 *   p^byLikelihood,
 *
 * so that over likelihood it goes as what the models expect, and by e^(slopes · features), features
 * ln(value/unit) and logit p, as past windows taught. One scale for the store keeps its total.
 */
export type SpendLevel = SpendSlopes & {
  byLikelihood: number;
  /** Mean value of the store. */
  unit: number;
  scale: number;
};

/** What past windows taught. */
export type SpendSlopes = {
  slopes: number[];
  /** Range of each feature where it was learned: beyond it nothing changes. */
  low: number[];
  high: number[];
};

const NO_SLOPES: SpendSlopes = { slopes: [0, 0], low: [0, 0], high: [0, 0] };

/** Of each customer: the value that ranks, what the models expect to be spent, and the likelihood. */
export type Values = { value: Float64Array; modelSpend: Float64Array; probability: Float64Array };

/** One customer's value as it adds up. */
export function levelledValue(level: SpendLevel, value: number, probability: number): number {
  if (!(value > 0)) return value;
  const { byLikelihood, slopes, low, high, unit, scale } = level;
  const likely = logit(probability);
  const own = value * Math.exp(byLikelihood * lnOf(probability));
  const size = Math.min(high[0], Math.max(low[0], Math.log(own / unit)));
  const held = Math.min(high[1], Math.max(low[1], likely));
  return scale * own * Math.exp(slopes[0] * size + slopes[1] * held);
}

/** How the values of a store come to add up, their total being that of the models; null without any. */
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

/** Bins of an eighth of ln p, down to the least that is told apart. */
const BINS = 112;
const OF_LN = 8;
/** Sums of whole numbers are exact in any order of customers. */
const GRAIN = 2 ** 50;

/** The power of p under which values follow what the models expect. */
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

/** How firmly values are held to what they are, in buyers who each spend alike. */
const RIDGE = 20;

/** A past window: values beforehand as they add up without what is to be learned, and what was spent. */
export type SpendLesson = { value: Float64Array; probability: Float64Array; spent: Float64Array };

/** Learns from past windows, newest first; null where nothing was spent. */
export function learnSpendSlopes(lessons: SpendLesson[]): SpendSlopes | null {
  const rows = lessons.map(ordered);
  const size = rows.reduce((sum, each) => sum + each.length, 0);
  const features = [new Float64Array(size), new Float64Array(size)];
  const window = new Uint8Array(size);
  const weight = new Float64Array(size);
  const outcome = new Float64Array(size);
  let [next, spent, squares] = [0, 0, 0];
  lessons.forEach((lesson, at) => {
    const unit = sortedSum(lesson.value) / lesson.value.length;
    for (const row of rows[at]) {
      const amount = Math.max(0, lesson.spent[row]);
      features[0][next] = Math.log(lesson.value[row] / unit);
      features[1][next] = logit(lesson.probability[row]);
      window[next] = at;
      weight[next] = rows[0].length / (rows[at].length * lessons.length);
      outcome[next] = amount;
      spent += weight[next] * amount;
      squares += weight[next] * amount * amount;
      next++;
    }
  });
  if (!(squares > 0) || !Number.isFinite(squares)) return null;
  // What one spends has a variance of about its mean times this: in its units amounts are counts.
  const grain = squares / spent;
  for (let row = 0; row < size; row++) outcome[row] /= grain;
  const design = { features, window, windows: lessons.length, weight, outcome };
  const [ofValue, ofLikelihood] = regress(design, "amount", { centre: [1, 0], ridge: RIDGE });
  return {
    slopes: [ofValue - 1, ofLikelihood],
    low: features.map((column) => column.reduce((least, value) => Math.min(least, value))),
    high: features.map((column) => column.reduce((most, value) => Math.max(most, value))),
  };
}

/** Rows of one window that say something, in an order that follows from their values alone. */
function ordered({ value, probability, spent }: SpendLesson): Uint32Array {
  return Uint32Array.from(value.keys())
    .filter((row) => value[row] > 0)
    .sort(
      (left, right) =>
        value[left] - value[right] ||
        probability[left] - probability[right] ||
        spent[left] - spent[right],
    );
}
