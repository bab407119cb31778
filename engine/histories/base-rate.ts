import type { Purchases } from "./summary.ts";

/** Mean predicted probability; 0 for a store without customers. Independent of their order. */
export function meanProbability(probabilities: Float64Array): number {
  if (probabilities.length === 0) return 0;
  let sum = 0;
  for (const probability of Float64Array.from(probabilities).sort()) sum += probability;
  return sum / probabilities.length;
}

/**
 * Share of the customers known at `fromDay` who bought in [fromDay, untilDay); null when nobody was
 * known yet.
 */
export function observedShare(
  { customer, day }: Purchases,
  fromDay: number,
  untilDay: number,
): number | null {
  let known = 0;
  let bought = 0;
  let knownCustomer = -1;
  let boughtCustomer = -1;
  for (let i = 0; i < customer.length; i++) {
    const who = customer[i];
    if (day[i] < fromDay) {
      if (who !== knownCustomer) known++;
      knownCustomer = who;
    } else if (day[i] < untilDay && who === knownCustomer && who !== boughtCustomer) {
      bought++;
      boughtCustomer = who;
    }
  }
  return known > 0 ? bought / known : null;
}
