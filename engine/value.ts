import { gini } from "./metrics.ts";

/**
 * How much of a customer's value is read off past spend. Orders times mean spend takes the two for
 * independent; where big buyers are resellers whose spend and rhythm go together it ranks worse
 * than plain past spend, elsewhere better. The value is therefore their weighted geometric mean,
 *
 *   value = scale · (expected orders · expected mean spend)^(1 − w) · (past spend)^w,
 *
 * with one scale for the store, so that the values add up to what the model expects in total.
 */
export type Blend = { pastWeight: number; scale: number };

/** The weight where a store has not shown a better one: best on the mean of the stores tried. */
export const DEFAULT_PAST_WEIGHT = 0.5;
/** What a weight must gain in Gini to be taken over the default, for each unit squared away. */
const RELUCTANCE = 0.008;
/** The same for each buyer fewer: with few buyers the Gini is mostly chance. */
const RELUCTANCE_OF_FEW = 5;
const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** About how many customers the weight is chosen on: in larger stores a sample. */
const SAMPLE = 50_000;

/** One customer's value before the scale of the store. */
export function blended(modelSpend: number, pastSpend: number, pastWeight: number): number {
  if (pastWeight === 0) return modelSpend;
  if (!(modelSpend > 0) || !(pastSpend > 0)) return 0;
  return Math.exp((1 - pastWeight) * Math.log(modelSpend) + pastWeight * Math.log(pastSpend));
}

/** The scale that makes blended values add up to what the model expects. */
export function blendOf(
  modelSpend: Float64Array,
  pastSpend: Float64Array,
  pastWeight: number,
): Blend {
  const values = modelSpend.map((value, i) => blended(value, pastSpend[i], pastWeight));
  const total = sortedSum(values);
  const scale = total > 0 ? sortedSum(modelSpend) / total : 1;
  return Number.isFinite(scale) ? { pastWeight, scale } : { pastWeight: 0, scale: 1 };
}

/** Summed in the order of the values, so that the order of customers does not matter. */
function sortedSum(values: Float64Array): number {
  let sum = 0;
  for (const value of Float64Array.from(values).sort()) sum += value;
  return sum;
}

/**
 * The weight under which the values of an earlier window ranked best what was then spent, held to
 * the default where the window has little to say.
 */
export function choosePastWeight(
  modelSpend: Float64Array,
  pastSpend: Float64Array,
  spent: Float64Array,
): number {
  const rows = sampleRows(modelSpend, pastSpend, spent);
  const actual = Float64Array.from(rows, (row) => spent[row]);
  const buyers = actual.reduce((count, amount) => count + (amount > 0 ? 1 : 0), 0);
  if (buyers === 0) return DEFAULT_PAST_WEIGHT;
  let best = DEFAULT_PAST_WEIGHT;
  let most = -Infinity;
  for (const weight of WEIGHTS) {
    const values = Float64Array.from(rows, (row) =>
      blended(modelSpend[row], pastSpend[row], weight),
    );
    const away = (weight - DEFAULT_PAST_WEIGHT) ** 2;
    const gain = (gini(values, actual) ?? 0) - (RELUCTANCE + RELUCTANCE_OF_FEW / buyers) * away;
    if (gain > most) {
      best = weight;
      most = gain;
    }
  }
  return best;
}

/**
 * Rows in the order of the values themselves, so that sums do not depend on how customers came in;
 * of a large store a sample that is chosen by the values' own bits.
 */
function sampleRows(
  modelSpend: Float64Array,
  pastSpend: Float64Array,
  spent: Float64Array,
): Uint32Array {
  const all = Uint32Array.from(modelSpend.keys());
  const step = Math.floor(all.length / SAMPLE);
  const bits = new Uint32Array(modelSpend.buffer, modelSpend.byteOffset, 2 * modelSpend.length);
  const rows =
    step < 2 ? all : all.filter((row) => scramble(bits[2 * row] ^ bits[2 * row + 1]) % step === 0);
  return rows.sort(
    (left, right) =>
      modelSpend[left] - modelSpend[right] ||
      pastSpend[left] - pastSpend[right] ||
      spent[left] - spent[right],
  );
}

function scramble(bits: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
