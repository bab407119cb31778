import { Histogram, type Rhythm } from "./rhythm.ts";
import type { Summary } from "./summary.ts";

/**
 * Typical figures of a store, for comparison with a customer's: medians over customers, except
 * `orders` and `meanSpend`, which are means, and `intervalDays`, the median gap between two
 * purchase days. Null where no customer came back.
 */
export type Typical = {
  /** Days since the first purchase. */
  ageDays: number;
  /** Days from the first purchase to the last, among customers who came back. */
  lifespanDays: number | null;
  /** Days since the last purchase. */
  recencyDays: number;
  intervalDays: number | null;
  orders: number;
  meanSpend: number;
};

export function readTypical(
  summary: Summary,
  rhythm: Pick<Rhythm, "medianGapDays">,
  storeMean: number,
): Typical {
  const ages = new Histogram();
  const lifespans = new Histogram();
  const silences = new Histogram();
  let orders = 0;
  for (let i = 0; i < summary.customers; i++) {
    const age = summary.ageDays[i];
    const lifespan = summary.recencyDays[i];
    ages.add(age);
    silences.add(age - lifespan);
    if (summary.frequency[i] > 0) lifespans.add(lifespan);
    orders += summary.frequency[i] + 1;
  }
  return {
    ageDays: ages.quantile(0.5) ?? 0,
    lifespanDays: lifespans.quantile(0.5),
    recencyDays: silences.quantile(0.5) ?? 0,
    intervalDays: rhythm.medianGapDays,
    orders: summary.customers > 0 ? orders / summary.customers : 0,
    meanSpend: storeMean,
  };
}
