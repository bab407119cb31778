import type { Summary, Traces } from "../histories/summary.ts";
import { regress } from "../maths/regression.ts";
import { sortedSum } from "../maths/sorted-sum.ts";
import { logistic, logit } from "../maths/special.ts";

/**
 * Recalibration of P(buy) on the store's past windows: a logistic regression on the models' logit
 * and on features of the purchase days. Its logit is averaged with the models' own, and a shift
 * then sets the total: a past window shows who is likelier than whom, but not today's level.
 */
export type Recalibration = {
  intercept: number;
  /** Coefficients of the first features; `[1]` leaves the models' logit as it is. */
  weights: number[];
  /** Range of each feature in the training data; features are clamped to it. */
  low: number[];
  high: number[];
  shift: number;
};

const FEATURES = 15;
/** Ridge penalty towards the models' own logit, in customers. */
const RIDGE = 10;
/** Number of features that need no traces. */
const WITHOUT_TRACES = 5;

/** The identity: the models' own probabilities. */
export const noRecalibration: Recalibration = {
  intercept: 0,
  weights: [1],
  low: [-100],
  high: [100],
  shift: 0,
};

/** Whether a recalibration uses traces. */
export function needsTraces(recalibration: Recalibration | null | undefined): boolean {
  return (recalibration?.weights.length ?? 0) > WITHOUT_TRACES;
}

/**
 * Writes the features of a customer, except the logit (feature 0); without traces only the first
 * five.
 */
function featuresOf(summary: Summary, row: number, into: Float64Array): void {
  const x = summary.frequency[row];
  const recency = summary.recencyDays[row];
  const age = summary.ageDays[row];
  const silence = age - recency;
  into[1] = Math.log1p(x);
  into[2] = Math.log1p(silence);
  into[3] = Math.log1p(age);
  into[4] = Math.log1p(recency);
  const { traces } = summary;
  if (!traces) return;
  into[5] = Math.log1p(traces.days30[row]);
  into[6] = Math.log1p(traces.days90[row]);
  into[7] = Math.log1p(traces.days180[row]);
  into[8] = Math.log1p(traces.days365[row]);
  into[9] = Math.log1p(traces.yearAgo[row]);
  const gap = x > 0 ? recency / x : 0;
  into[10] = x > 0 ? Math.log((silence + 1) / (gap + 1)) : 0;
  into[11] = x > 1 ? Math.log(Math.max(gap, 1)) - traces.meanLnGap[row] : 0;
  into[12] = x > 1 ? Math.log((traces.lastGap[row] + 1) / (gap + 1)) : 0;
  into[13] = x === 0 ? 1 : 0;
  into[14] = x === 0 ? into[3] : 0;
}

/** Applies a recalibration to the customers of a summary, one at a time. */
export class Recalibrated {
  readonly #recalibration: Recalibration;
  readonly #summary: Summary;
  readonly #features = new Float64Array(FEATURES);

  /** @throws Error when the summary lacks the traces that the recalibration uses */
  constructor(recalibration: Recalibration, summary: Summary) {
    if (needsTraces(recalibration) && !summary.traces)
      throw new Error("this fit looks at more than x, t_x and T: the summary must be `traced`");
    this.#recalibration = recalibration;
    this.#summary = summary;
  }

  /** The logit of the customer's probability before the shift. */
  logit(row: number, probability: number): number {
    const { intercept, weights, low, high } = this.#recalibration;
    const own = logit(probability);
    featuresOf(this.#summary, row, this.#features);
    this.#features[0] = own;
    let learned = intercept;
    for (let i = 0; i < weights.length; i++)
      learned += weights[i] * Math.min(high[i], Math.max(low[i], this.#features[i]));
    return (learned + own) / 2;
  }

  probability(row: number, probability: number): number {
    return logistic(this.logit(row, probability) + this.#recalibration.shift);
  }
}

/** The shift of sorted logits for which their probabilities sum to `total`. */
export function shiftTo(total: number, logits: Float64Array): number {
  let [low, high] = [-50, 50];
  let shift = 0;
  for (let step = 0; step < 60; step++) {
    let sum = 0;
    let slope = 0;
    for (const z of logits) {
      const p = logistic(z + shift);
      sum += p;
      slope += p * (1 - p);
    }
    if (sum > total) high = shift;
    else low = shift;
    const newton = shift - (sum - total) / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - shift) < 1e-12) break;
    shift = next;
  }
  return shift;
}

type Level = { recalibration: Recalibration | null; level: number };

/** The learned recalibration, shifted so that the total follows from the level. */
export function levelled(
  summary: Summary,
  predicted: Float64Array,
  { recalibration, level }: Level,
): Recalibration {
  const learned = recalibration ?? noRecalibration;
  const recalibrated = new Recalibrated(learned, summary);
  const logits = predicted.map((probability, row) => recalibrated.logit(row, probability)).sort();
  const total = Math.min(0.999 * predicted.length, sortedSum(predicted) * Math.exp(level));
  return { ...learned, shift: total > 0 ? shiftTo(total, logits) : 0 };
}

/** Recalibrated probabilities at a level. */
export function recalibrate(summary: Summary, predicted: Float64Array, level: Level): Float64Array {
  const recalibrated = new Recalibrated(levelled(summary, predicted, level), summary);
  return predicted.map((probability, row) => recalibrated.probability(row, probability));
}

/** Training data of one past window: its customers, the models' probabilities and who bought. */
export type RecalibrationSample = {
  summary: Summary;
  /** Rows of the summary, sorted by their values (`rowsInOrder`). */
  rows: Uint32Array;
  /** One for each of these rows. */
  probability: Float64Array;
  bought: Uint8Array;
};

/** Fits the regression to past windows, newest first; the shift is left at 0. */
export function learnRecalibration(
  samples: [RecalibrationSample, ...RecalibrationSample[]],
): Recalibration {
  const size = samples.reduce((sum, { rows }) => sum + rows.length, 0);
  const features = Array.from({ length: FEATURES }, () => new Float64Array(size));
  const window = new Uint8Array(size);
  const weight = new Float64Array(size);
  const outcome = new Float64Array(size);
  const one = new Float64Array(FEATURES);
  let next = 0;
  samples.forEach((sample, at) => {
    const each = samples[0].rows.length / (sample.rows.length * samples.length);
    sample.rows.forEach((row, i) => {
      featuresOf(sample.summary, row, one);
      one[0] = logit(sample.probability[i]);
      for (let k = 0; k < FEATURES; k++) features[k][next] = one[k];
      window[next] = at;
      weight[next] = each;
      outcome[next] = sample.bought[i];
      next++;
    });
  });
  const design = { features, window, windows: samples.length, weight, outcome };
  const centre = features.map((_, k) => (k === 0 ? 1 : 0));
  return {
    intercept: 0,
    weights: regress(design, "logistic", { centre, ridge: RIDGE }),
    low: features.map((column) => column.reduce((least, value) => Math.min(least, value))),
    high: features.map((column) => column.reduce((most, value) => Math.max(most, value))),
    shift: 0,
  };
}

/**
 * The rows of a summary, sorted by their values and an outcome, so that sums over them do not
 * depend on the order of the input.
 */
export function rowsInOrder(summary: Summary, outcome: ArrayLike<number>): Uint32Array {
  const { frequency, recencyDays, ageDays } = summary;
  const traces = Object.values(summary.traces ?? {}) as Traces[keyof Traces][];
  const all = Uint32Array.from({ length: summary.customers }, (_, row) => row);
  return all.sort((left, right) => {
    const plain =
      frequency[left] - frequency[right] ||
      recencyDays[left] - recencyDays[right] ||
      ageDays[left] - ageDays[right];
    if (plain !== 0) return plain;
    for (const trace of traces) if (trace[left] !== trace[right]) return trace[left] - trace[right];
    return outcome[left] - outcome[right];
  });
}
