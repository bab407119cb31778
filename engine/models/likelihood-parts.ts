import type { HistoryCounts } from "../histories/history-counts.ts";

/** A part of ln L of a store with its derivatives by the parameters it depends on. */
export type PurchasePart = { value: number; byR: number; byAlpha: number };
export type ChancePart = { value: number; byA: number; byB: number };

/**
 * Σ [ln Γ(s + n) − ln Γ(s)] over customers and its derivative by s, as running sums of ln(s + i)
 * and 1/(s + i) over whole n, so that no special function is needed. n is `step` · x + `extra`.
 */
function risingFactorials(
  counts: HistoryCounts,
  s: number,
  { step = 1, extra = 0 }: { step?: number; extra?: 0 | 1 },
): [number, number] {
  let value = 0;
  let derivative = 0;
  const most = (counts.reached.length - 1) * step + extra;
  for (let i = 0; i < most; i++) {
    const customers = counts.reached[i < extra ? 0 : Math.floor((i - extra) / step) + 1];
    value += customers * Math.log(s + i);
    derivative += customers / (s + i);
  }
  return [value, derivative];
}

/**
 * The purchases of a store while every customer is alive, rates λ ~ Gamma(r, α): the NBD part
 * Σ [ln Γ(r + kx) − ln Γ(r) + r ln α − (r + kx) ln(α + T)], k events of the process a purchase.
 */
export function purchasePart(
  counts: HistoryCounts,
  { r, alpha, k = 1 }: { r: number; alpha: number; k?: number },
): PurchasePart {
  const { customers, ages, customersOfAge, purchasesOfAge } = counts;
  const [lnR, ofR] = risingFactorials(counts, r, { step: k });
  const lnAlpha = Math.log(alpha);
  let value = lnR + customers * r * lnAlpha;
  let byR = ofR + customers * lnAlpha;
  let byAlpha = (customers * r) / alpha;
  for (let i = 0; i < ages.length; i++) {
    const events = r * customersOfAge[i] + k * purchasesOfAge[i];
    const ln = Math.log(alpha + ages[i]);
    value -= events * ln;
    byR -= customersOfAge[i] * ln;
    byAlpha -= events / (alpha + ages[i]);
  }
  return { value, byR, byAlpha };
}

/** Σ ln [B(a, b + n)/B(a, b)], n = x + atFirst: the customer stayed each of n times. */
export function chancePart(
  counts: HistoryCounts,
  { a, b, atFirst }: { a: number; b: number; atFirst: 0 | 1 },
): ChancePart {
  const [lnB, ofB] = risingFactorials(counts, b, { extra: atFirst });
  const [lnAB, ofAB] = risingFactorials(counts, a + b, { extra: atFirst });
  return { value: lnB - lnAB, byA: -ofAB, byB: ofB - ofAB };
}
