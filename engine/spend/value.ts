import { giniOf } from "../maths/metrics.ts";
import { sortedSum } from "../maths/sorted-sum.ts";

/**
 * The weight of past spend in a customer's value. Expected orders times mean spend assumes that the
 * two are independent. Where they are not (resellers buy both more often and for more) it ranks
 * worse than past spend alone, elsewhere better. The value is therefore a weighted geometric mean,
 *
 *   value = scale · (expected orders · expected mean spend)^(1 − w) · (past spend)^w,
 *
 * with one scale for the store, so that the values add up to what the model expects in total.
 */
export type Blend = { pastWeight: number; scale: number };

/**
 * The default weight: with it, hardly any of the stores tried was ranked worse than by past spend
 * alone.
 */
export const DEFAULT_PAST_WEIGHT = 0.8;
/** Penalty on the Gini for each squared unit of distance from the default weight. */
const PENALTY = 0.02;
/** The same, divided by the number of buyers: with few buyers the Gini is mostly noise. */
const PENALTY_OF_FEW = 5;
/**
 * Candidate weights are averaged by how well they ranked: one whose Gini is lower by this counts
 * e^−1 of the best. The average changes continuously with the data, where the best of a grid jumps.
 */
const SOFTMAX_SCALE = 0.002;
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

/**
 * A past window: for each customer the model's expected spend, the spend before it, and the spend
 * in it.
 */
export type SpendWindow = {
  modelSpend: Float64Array;
  pastSpend: Float64Array;
  spent: Float64Array;
};

/**
 * The weight with which values ranked spend best over the store's past windows, shrunk towards the
 * default where buyers are few.
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
    return ranked / sorted.length - (PENALTY + PENALTY_OF_FEW / buyers) * away;
  });
  const most = gains.reduce((high, gain) => Math.max(high, gain));
  const shares = gains.map((gain) => Math.exp((gain - most) / SOFTMAX_SCALE));
  const all = shares.reduce((sum, share) => sum + share);
  return shares.reduce((sum, share, i) => sum + share * WEIGHTS[i], 0) / all;
}

function valuesAt({ modelSpend, pastSpend }: SpendWindow, weight: number): Float64Array {
  return modelSpend.map((value, i) => blended(value, pastSpend[i], weight));
}

/** Rows sorted by their values, so that sums do not depend on the order of customers. */
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
