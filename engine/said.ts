// What the average of some models said before a past window.
import { weighted } from "./history-rows.ts";
import type { Learned } from "./learned.ts";
import type { Weighed } from "./weighed.ts";
import type { PastWindow } from "./past-windows.ts";
import { pick } from "./pick.ts";
import { asTheModelsSay, Recalibrated, shiftTo, type Recalibration } from "./recalibration.ts";
import { sortedSum } from "./sorted-sum.ts";
import type { Summary } from "./summary.ts";

/** P(buy) of each customer. */
export function probabilitiesOf(window: PastWindow, { chosen, weights }: Weighed): Float64Array {
  const rows = weighted(chosen.map(window.probabilities), weights);
  return pick(rows, window.rowOf(), new Float64Array(window.summary.customers));
}

/** Expected orders of each customer. */
export function ordersSaid(window: PastWindow, { chosen, weights }: Weighed): Float64Array {
  const rows = weighted(chosen.map(window.orders), weights);
  return pick(rows, window.rowOf(), new Float64Array(window.summary.customers));
}

type Level = Pick<Learned, "recalibration" | "level">;

/** The recalibration that was learned, shifted to the total that the level wants. */
export function levelled(
  summary: Summary,
  said: Float64Array,
  { recalibration, level }: Level,
): Recalibration {
  const learned = recalibration ?? asTheModelsSay;
  const recalibrated = new Recalibrated(learned, summary);
  const logits = said.map((probability, row) => recalibrated.logit(row, probability)).sort();
  const total = Math.min(0.999 * said.length, sortedSum(said) * Math.exp(level));
  return { ...learned, shift: total > 0 ? shiftTo(total, logits) : 0 };
}

/** Probabilities as they are recalibrated, at a level. */
export function recalibrate(summary: Summary, said: Float64Array, level: Level): Float64Array {
  const recalibrated = new Recalibrated(levelled(summary, said, level), summary);
  return said.map((probability, row) => recalibrated.probability(row, probability));
}
