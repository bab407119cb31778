/**
 * ln Γ(x) for x > 0, to about 1e-14 relative. Stirling's series (Abramowitz and Stegun 6.1.41)
 * above 10, reached from below by the recurrence Γ(x + 1) = x Γ(x).
 */
export function lnGamma(x: number): number {
  let shift = 1;
  let z = x;
  while (z < 10) {
    shift *= z;
    z++;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square *
            (1 / 1260 -
              square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square / 156))))));
  return (z - 0.5) * Math.log(z) - z + HALF_LN_2_PI + series - Math.log(shift);
}

const HALF_LN_2_PI = 0.9189385332046727;

/** ψ(x) = d ln Γ(x) / dx for x > 0 (Abramowitz and Stegun 6.3.18 with the recurrence 6.3.5). */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift += 1 / z;
    z++;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series =
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square *
            (1 / 252 -
              square * (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square / 12))))));
  return Math.log(z) - inverse / 2 - series - shift;
}

/** ln B(a, b) for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** ln(1 + e^d) without overflow. */
export function softplus(d: number): number {
  return d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d));
}

/** 1 / (1 + e^−d) without overflow. */
export function logistic(d: number): number {
  if (d >= 0) return 1 / (1 + Math.exp(-d));
  const e = Math.exp(d);
  return e / (1 + e);
}

/** Log odds of a probability, which is clamped to a millionth from 0 and 1. */
export function logit(probability: number): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(p / (1 - p));
}
