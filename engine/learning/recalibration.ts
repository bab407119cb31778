import type { Summary, Traces } from "../histories/summary.ts";
import { regress } from "../maths/regression.ts";
import { sortedSum } from "../maths/sorted-sum.ts";
import { logistic, logit } from "../maths/special.ts";

/**
 * What the store's past windows taught beyond the models: a logistic regression on their logit and on
 * what the purchase days say. Its logit is averaged with the models' own; a shift then gives the
 * total that is wanted, since who is likelier than whom may be learned from a past window, its level
 * may not.
 */
export type Recalibration = {
  intercept: number;
  /** One for each of the first so many features; `[1]` are the models alone. */
  weights: number[];
  /** Range of each feature where it was learned: beyond it nothing is known, and nothing changes. */
  low: number[];
  high: number[];
  shift: number;
};

const FEATURES = 15;
/** How firmly weights are held to "what the models say", in customers. */
const RIDGE = 10;
/** Features that x, t_x and T tell alone. */
const WITHOUT_TRACES = 5;

/** The models as they are. */
export const asTheModelsSay: Recalibration = {
  intercept: 0,
  weights: [1],
  low: [-100],
  high: [100],
  shift: 0,
};

/** Whether a recalibration looks at more than x, t_x and T. */
export function needsTraces(recalibration: Recalibration | null | undefined): boolean {
  return (recalibration?.weights.length ?? 0) > WITHOUT_TRACES;
}

/** Writes the features of a customer after each other; without traces the first five alone. */
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

/** Recalibrates customers one after the other. */
export class Recalibrated {
  readonly #recalibration: Recalibration;
  readonly #summary: Summary;
  readonly #features = new Float64Array(FEATURES);

  /** @throws Error when the summary lacks the traces that the recalibration looks at */
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

/** The shift under which logits, sorted, become probabilities that add up to a total. */
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

/** The recalibration that was learned, shifted to the total that the level wants. */
export function levelled(
  summary: Summary,
  predicted: Float64Array,
  { recalibration, level }: Level,
): Recalibration {
  const learned = recalibration ?? asTheModelsSay;
  const recalibrated = new Recalibrated(learned, summary);
  const logits = predicted.map((probability, row) => recalibrated.logit(row, probability)).sort();
  const total = Math.min(0.999 * predicted.length, sortedSum(predicted) * Math.exp(level));
  return { ...learned, shift: total > 0 ? shiftTo(total, logits) : 0 };
}

/** Probabilities as they are recalibrated, at a level. */
export function recalibrate(summary: Summary, predicted: Float64Array, level: Level): Float64Array {
  const recalibrated = new Recalibrated(levelled(summary, predicted, level), summary);
  return predicted.map((probability, row) => recalibrated.probability(row, probability));
}

/** A past window to learn from: some of its customers, what the models said and who bought. */
export type Lesson = {
  summary: Summary;
  /** Rows of the summary, in an order that follows from their values alone. */
  rows: Uint32Array;
  /** One for each of these rows. */
  probability: Float64Array;
  bought: Uint8Array;
};

/** Learns from past windows, newest first; the shift is still to be found. */
export function learnRecalibration(lessons: [Lesson, ...Lesson[]]): Recalibration {
  const size = lessons.reduce((sum, { rows }) => sum + rows.length, 0);
  const features = Array.from({ length: FEATURES }, () => new Float64Array(size));
  const window = new Uint8Array(size);
  const weight = new Float64Array(size);
  const outcome = new Float64Array(size);
  const one = new Float64Array(FEATURES);
  let next = 0;
  lessons.forEach((lesson, at) => {
    const each = lessons[0].rows.length / (lesson.rows.length * lessons.length);
    lesson.rows.forEach((row, i) => {
      featuresOf(lesson.summary, row, one);
      one[0] = logit(lesson.probability[i]);
      for (let k = 0; k < FEATURES; k++) features[k][next] = one[k];
      window[next] = at;
      weight[next] = each;
      outcome[next] = lesson.bought[i];
      next++;
    });
  });
  const design = { features, window, windows: lessons.length, weight, outcome };
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
 * The rows of a summary in an order that follows from what is known of each and from an outcome alone:
 * sums over them do not hang on how customers came in.
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
