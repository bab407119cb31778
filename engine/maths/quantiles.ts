/**
 * Quantile of the standard normal distribution, for 0 < p < 1: Acklam's rational approximation
 * (2003), accurate to about 1e-9 relative.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log1p(-p)));
  const q = p - 0.5;
  const r = q * q;
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
      138.357751867269) *
      r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) *
      r -
      13.28068155288572) *
      r +
    1;
  return (above * q) / below;
}

function tail(t: number): number {
  const above =
    ((((-0.007784894002430293 * t - 0.3223964580411365) * t - 2.400758277161838) * t -
      2.549732539343734) *
      t +
      4.374664141464968) *
      t +
    2.938163982698783;
  const below =
    (((0.007784695709041462 * t + 0.3224671290700398) * t + 2.445134137142996) * t +
      3.754408661907416) *
      t +
    1;
  return above / below;
}

/** Quantile of the lognormal distribution with this mean and coefficient of variation. */
export function lognormalQuantile(mean: number, variation: number, p: number): number {
  const variance = Math.log1p(variation * variation);
  return mean * Math.exp(normalQuantile(p) * Math.sqrt(variance) - variance / 2);
}
