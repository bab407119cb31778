// Predictions of the models' weighted average for a past window.
import { gather } from "../maths/gather.ts";
import { weighted } from "../models/history-rows.ts";
import type { PastWindow } from "./past-windows.ts";
import type { WeightedModels } from "./weighted-models.ts";

/** P(buy) of each customer. */
export function probabilitiesOf(
  window: PastWindow,
  { chosen, weights }: WeightedModels,
): Float64Array {
  const rows = weighted(chosen.map(window.probabilities), weights);
  return gather(rows, window.rowOf(), new Float64Array(window.summary.customers));
}

/** Expected orders of each customer. */
export function expectedOrdersOf(
  window: PastWindow,
  { chosen, weights }: WeightedModels,
): Float64Array {
  const rows = weighted(chosen.map(window.orders), weights);
  return gather(rows, window.rowOf(), new Float64Array(window.summary.customers));
}
