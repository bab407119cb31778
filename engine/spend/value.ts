import { giniOf } from "../maths/metrics.ts";
import { sortedSum } from "../maths/sorted-sum.ts";

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

/**
 * The weight where a store has not shown a better one: of the stores tried hardly any then ranked
 * value worse than past spend alone does.
 */
export const DEFAULT_PAST_WEIGHT = 0.8;
/** What a weight must gain in Gini to be taken over the default, for each unit squared away. */
const RELUCTANCE = 0.02;
/** The same for each buyer fewer: with few buyers the Gini is mostly chance. */
const RELUCTANCE_OF_FEW = 5;
/**
 * Weights are averaged by how well they ranked; one that loses this much counts for e^−1 of the best.
 * The average moves as little as what it rests on, where the best of a grid jumps.
 */
const ALIKE = 0.002;
const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** One customer's value before the scale of the store. */
export function blended(modelSpend: number, pastSpend: number, pastWeight: number): number {
  if (pastWeight === 0) return modelSpend;
  if (!(modelSpend > 0) || !(pastSpend > 0)) return 0;
  return Math.exp((1 - pastWeight) * Math.log(modelSpend) + pastWeight * Math.log(pastSpend));
}

/** One customer's value. */
export function valueOf({ pastWeight, scale }: Blend, modelSpend: number, past: number): number {
  return scale * blended(modelSpend, past, pastWeight);
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

/** A past window: of each customer what the model expected, what had been spent, what then was. */
export type SpendWindow = {
  modelSpend: Float64Array;
  pastSpend: Float64Array;
  spent: Float64Array;
};

/**
 * The weight under which values ranked well, on the mean of the store's past windows, what was then
 * spent; held to the default where the windows have little to say.
 */
export function choosePastWeight(windows: SpendWindow[]): number {
  const sorted = windows.map(inOrder);
  const ginis = sorted.map(({ spent }) => giniOf(spent));
  const buyers = sorted.reduce(
    (count, { spent }) => count + spent.filter((amount) => amount > 0).length,
    0,
  );
  if (buyers === 0) return DEFAULT_PAST_WEIGHT;
  const gains = WEIGHTS.map((weight) => {
    const ranked = sorted.reduce(
      (sum, window, i) => sum + (ginis[i](valuesAt(window, weight)) ?? 0),
      0,
    );
    const away = (weight - DEFAULT_PAST_WEIGHT) ** 2;
    return ranked / sorted.length - (RELUCTANCE + RELUCTANCE_OF_FEW / buyers) * away;
  });
  const most = gains.reduce((high, gain) => Math.max(high, gain));
  const shares = gains.map((gain) => Math.exp((gain - most) / ALIKE));
  const all = shares.reduce((sum, share) => sum + share);
  return shares.reduce((sum, share, i) => sum + share * WEIGHTS[i], 0) / all;
}

function valuesAt({ modelSpend, pastSpend }: SpendWindow, weight: number): Float64Array {
  return modelSpend.map((value, i) => blended(value, pastSpend[i], weight));
}

/** Rows in the order of the values themselves: sums then do not depend on how customers came in. */
function inOrder({ modelSpend, pastSpend, spent }: SpendWindow): SpendWindow {
  const rows = Uint32Array.from(modelSpend.keys()).sort(
    (left, right) =>
      modelSpend[left] - modelSpend[right] ||
      pastSpend[left] - pastSpend[right] ||
      spent[left] - spent[right],
  );
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  return { modelSpend: pick(modelSpend), pastSpend: pick(pastSpend), spent: pick(spent) };
}
