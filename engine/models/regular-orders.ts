/** Terms below this, relative to the largest, are left out of sums. */
const NEGLIGIBLE = 1e-16;

/**
 * P(M ≥ m) for m = 0, 1, 2 … of a negative binomial M with shape s: the events in t of a Poisson
 * process whose rate is Gamma(s, scale), q = t/(scale + t). Terms are built outward from the
 * largest, so that none under- or overflows however large the shape. The list ends where the terms
 * are negligible.
 */
export function eventsAtLeast(shape: number, q: number): Float64Array {
  const mode = Math.max(0, Math.floor(((shape - 1) * q) / (1 - q)));
  let last = mode;
  for (let term = 1; term > NEGLIGIBLE; last++) term = (term * (shape + last) * q) / (last + 1);
  const terms = new Float64Array(last + 1);
  terms[mode] = 1;
  for (let m = mode; m < last; m++) terms[m + 1] = (terms[m] * (shape + m) * q) / (m + 1);
  for (let m = mode; m > 0 && terms[m] > NEGLIGIBLE; m--) {
    terms[m - 1] = (terms[m] * m) / ((shape + m - 1) * q);
  }
  for (let m = terms.length - 2; m >= 0; m--) terms[m] += terms[m + 1];
  const all = terms[0];
  for (let m = 0; m < terms.length; m++) terms[m] /= all;
  return terms;
}

/** An alive customer of MBG/CNBD-k: the rate's shape and q = t/(α + T + t), p ~ Beta(a, b). */
export type RegularCustomer = { shape: number; q: number; k: number; a: number; b: number };

/**
 * E[purchases in t] given that `done` events have happened since the last purchase. The n-th
 * purchase needs n k − done further events and n − 1 stays, E[(1 − p)^(n−1)] = Π (b + i)/(a + b + i):
 * exact, where Reutterer, Platzer and Schröder (2020) approximate.
 */
export function regularOrders(customer: RegularCustomer, done: number): number {
  const { shape, q, k, a, b } = customer;
  const atLeast = eventsAtLeast(shape + done, q);
  let orders = 0;
  let stays = 1;
  for (let n = 1; n * k - done < atLeast.length; n++) {
    orders += stays * atLeast[n * k - done];
    stays *= (b + n - 1) / (a + b + n - 1);
  }
  return orders;
}
