import type { Objective } from "../maths/minimize.ts";
import { digamma, lnGamma } from "../maths/special.ts";
import { type FitOptions, fitParameters } from "../models/prior.ts";

/**
 * Gamma-Gamma (Fader and Hardie 2013): the spend of each purchase is Gamma(p, ν) around a
 * customer's own mean p/ν, with ν ~ Gamma(q, γ) over customers. γ in the unit of the amounts.
 */
export type GammaGamma = {
  model: "gamma-gamma";
  p: number;
  q: number;
  gamma: number;
  logLikelihood: number;
};

/**
 * Input of the fit: purchases and mean spend of each customer with a positive mean, sorted by both,
 * so that sums do not depend on the order of customers.
 */
export type Spend = { purchases: Int32Array; mean: Float64Array };

/** Means outside these bounds are ignored: their products would over- or underflow. */
function isMoney(mean: number): boolean {
  return mean > 1e-100 && mean < 1e100;
}

/** Spend over all purchase days (x + 1), which predicts better than repeat purchases alone. */
export function spendOf(summary: { frequency: Int32Array; meanSpend: Float64Array }): Spend {
  const counts = new Map<number, number>();
  for (let i = 0; i < summary.frequency.length; i++) {
    if (!isMoney(summary.meanSpend[i])) continue;
    const purchases = summary.frequency[i] + 1;
    counts.set(purchases, (counts.get(purchases) ?? 0) + 1);
  }
  const groups = [...counts].sort((left, right) => left[0] - right[0]);
  const size = groups.reduce((total, [, customers]) => total + customers, 0);
  const spend: Spend = { purchases: new Int32Array(size), mean: new Float64Array(size) };
  const next = new Map<number, number>();
  let start = 0;
  for (const [purchases, customers] of groups) {
    next.set(purchases, start);
    spend.purchases.fill(purchases, start, start + customers);
    start += customers;
  }
  for (let i = 0; i < summary.frequency.length; i++) {
    const place = next.get(summary.frequency[i] + 1);
    if (!isMoney(summary.meanSpend[i]) || place === undefined) continue;
    spend.mean[place] = summary.meanSpend[i];
    next.set(summary.frequency[i] + 1, place + 1);
  }
  for (let from = 0; from < size;) {
    const until = from + (counts.get(spend.purchases[from]) ?? 1);
    spend.mean.subarray(from, until).sort();
    from = until;
  }
  return spend;
}

/** Mean spend for each purchase over the whole store; 1 when there is none. */
export function storeMeanSpend({ purchases, mean }: Spend): number {
  let spent = 0;
  let count = 0;
  for (let i = 0; i < mean.length; i++) {
    spent += purchases[i] * mean[i];
    count += purchases[i];
  }
  return spent > 0 && Number.isFinite(spent) ? spent / count : 1;
}

/** Centre of the weak prior on ln p, ln(q − 1) and ln γ, γ in units of the store's mean spend. */
const CENTRE = [1, 0.7, -0.7];

/** Fits Gamma-Gamma, with the weak prior unless told otherwise. q > 1, so that the mean exists. */
export function fitGammaGamma(spend: Spend, options: FitOptions = {}): GammaGamma {
  const unit = Math.log(storeMeanSpend(spend));
  const objective = gammaGammaObjective(spend);
  const sample = everyNth(spend, Math.floor(spend.mean.length / SAMPLE_CUSTOMERS));
  const rough = sample && {
    objective: gammaGammaObjective(sample),
    observations: sample.mean.length,
  };
  const { point } = fitParameters(
    { objective, observations: spend.mean.length },
    { centre: [CENTRE[0], CENTRE[1], CENTRE[2] + unit] },
    { ...options, rough },
  );
  const logLikelihood = 0 - objective(point, new Float64Array(3));
  const [p, aboveOne, gamma] = point.map(Math.exp);
  return { model: "gamma-gamma", p, q: 1 + aboveOne, gamma, logLikelihood };
}

/**
 * Smallest sample that is fitted first; stores with fewer than twice as many customers are not
 * sampled.
 */
const SAMPLE_CUSTOMERS = 20_000;

/** Every `step`-th customer: spend is sorted, so the sample is even over it. */
function everyNth({ purchases, mean }: Spend, step: number): Spend | undefined {
  if (step < 2) return undefined;
  const pick = (_: number, i: number) => i % step === 0;
  return { purchases: purchases.filter(pick), mean: mean.filter(pick) };
}

/** −ln L and gradient in (ln p, ln(q − 1), ln γ); Fader and Hardie 2013, equation 1a. */
export function gammaGammaObjective({ purchases, mean }: Spend): Objective {
  let lnMeans = 0;
  for (const z of mean) lnMeans += Math.log(z);
  return (point, gradient) => {
    const [p, aboveOne, gamma] = point.map(Math.exp);
    const q = 1 + aboveOne;
    const lnGammaOfQ = lnGamma(q);
    const digammaOfQ = digamma(q);
    const lnScale = Math.log(gamma);
    let value = -lnMeans;
    let byP = 0;
    let byQ = 0;
    let byGamma = 0;
    let x = -1;
    let group = { value: 0, byP: 0, byQ: 0 };
    for (let i = 0; i < mean.length; i++) {
      if (purchases[i] !== x) {
        x = purchases[i];
        group = groupTerms({ x, p, q });
        group.value += q * lnScale - lnGammaOfQ;
        group.byQ += lnScale - digammaOfQ;
      }
      const lnMean = Math.log(mean[i]);
      const total = gamma + x * mean[i];
      const lnTotal = Math.log(total);
      value += group.value + p * x * lnMean - (p * x + q) * lnTotal;
      byP += group.byP + x * (lnMean - lnTotal);
      byQ += group.byQ - lnTotal;
      byGamma += q / gamma - (p * x + q) / total;
    }
    gradient[0] = -byP * p;
    gradient[1] = -byQ * aboveOne;
    gradient[2] = -byGamma * gamma;
    return Number.isFinite(value) ? -value : Infinity;
  };
}

/** The terms that all customers with x purchases share. */
function groupTerms({ x, p, q }: { x: number; p: number; q: number }) {
  const lnX = Math.log(x);
  const ofTotal = digamma(p * x + q);
  return {
    value: lnGamma(p * x + q) - lnGamma(p * x) + p * x * lnX,
    byP: x * (ofTotal - digamma(p * x) + lnX),
    byQ: ofTotal,
  };
}

/**
 * E[mean spend of a customer | purchases, observed mean] = p(γ + x z̄)/(p x + q − 1): the store's
 * mean weighted with the customer's own (Fader and Hardie 2013, equation 5).
 */
export function expectedMeanSpend(
  { p, q, gamma }: GammaGamma,
  purchases: number,
  meanSpend: number,
): number {
  const spent = meanSpend > 0 ? purchases * meanSpend : 0;
  return (p * (gamma + spent)) / (p * purchases + q - 1);
}
