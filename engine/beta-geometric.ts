import type { Histories, History } from "./histories.ts";
import type { Objective } from "./minimize.ts";
import { logistic, softplus, lnGamma } from "./special.ts";
import { risingFactorials, tally, type Tally } from "./tally.ts";

/**
 * What BG/NBD and MBG/NBD share. While a customer is alive, purchases come as a Poisson process
 * with rate λ ~ Gamma(r, α); after a purchase the customer leaves with probability p ~ Beta(a, b).
 * In the MBG the first purchase (time 0) already brings that chance, in the BG only the repeats do:
 * an alive customer has withstood x + `atFirst` chances.
 *
 * BG/NBD: Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, equation 6.
 * MBG/NBD: Batislam, Denizel and Filiztekin 2007, equation 6; Hoppe and Wagner 2007.
 */
export type BetaGeometric = { r: number; alpha: number; a: number; b: number; atFirst: 0 | 1 };

/**
 * d = ln of the odds that the customer is gone: the gone part of the likelihood over the alive one,
 * a / (b + x + atFirst − 1) · [(α + T)/(α + t_x)]^(r+x). −∞ for a BG customer without repeats.
 */
export function lnOddsGone(model: BetaGeometric, history: History): number {
  const { r, alpha, a, b, atFirst } = model;
  const { frequency: x, recency, age } = history;
  if (x + atFirst === 0) return -Infinity;
  const silence = Math.log((alpha + age) / (alpha + recency));
  return Math.log(a / (b + x + atFirst - 1)) + (r + x) * silence;
}

/** P(alive at T | x, t_x, T). For inner use: it is never the likelihood of buying. */
export function aliveProbability(model: BetaGeometric, history: History): number {
  return logistic(-lnOddsGone(model, history));
}

/** ln L(x, t_x, T) for one customer, without the constant of the data that all models share. */
export function lnLikelihood(model: BetaGeometric, history: History): number {
  const { r, alpha, a, b, atFirst } = model;
  const { frequency: x, age } = history;
  const chances = x + atFirst;
  return (
    lnGamma(r + x) -
    lnGamma(r) +
    (lnGamma(b + chances) - lnGamma(b)) -
    (lnGamma(a + b + chances) - lnGamma(a + b)) +
    r * Math.log(alpha) -
    (r + x) * Math.log(alpha + age) +
    softplus(lnOddsGone(model, history))
  );
}

/**
 * P(at least one purchase in (T, T + horizon] | x, t_x, T) = 1 − L(T + horizon)/L(T), which is
 * P(alive) · [1 − ((α + T)/(α + T + horizon))^(r+x)].
 */
export function buyProbability(model: BetaGeometric, history: History, horizon: number): number {
  const { r, alpha } = model;
  const waited = Math.log1p(horizon / (alpha + history.age));
  return -Math.expm1(-(r + history.frequency) * waited) * aliveProbability(model, history);
}

/**
 * −ln L and its gradient in (ln r, ln α, ln a, ln b), time in days, summed over a store.
 * Tables of ln(α + d) and 1/(α + d) over whole days replace a logarithm for each customer.
 */
export function betaGeometricObjective(histories: Histories, atFirst: 0 | 1): Objective {
  const counts = tally(histories);
  const days = counts.customersOfAge.length;
  const table: DayTable = { ln: new Float64Array(days), inverse: new Float64Array(days) };
  return (point, gradient) => {
    const [r, alpha, a, b] = point.map(Math.exp);
    const model: BetaGeometric = { r, alpha, a, b, atFirst };
    for (let d = 0; d < days; d++) {
      table.ln[d] = Math.log(alpha + d);
      table.inverse[d] = 1 / (alpha + d);
    }
    gradient.fill(0);
    const value =
      countedPart(counts, model, gradient) + gonePart(histories, model, { table, gradient });
    gradient[0] *= -r;
    gradient[1] *= -alpha;
    gradient[2] *= -a;
    gradient[3] *= -b;
    return Number.isFinite(value) ? -value : Infinity;
  };
}

type DayTable = { ln: Float64Array; inverse: Float64Array };

/** The terms that depend on x or T alone. */
function countedPart(counts: Tally, model: BetaGeometric, gradient: Float64Array): number {
  const { r, alpha, a, b, atFirst } = model;
  const [lnR, byR] = risingFactorials(counts, r, 0);
  const [lnB, byB] = risingFactorials(counts, b, atFirst);
  const [lnAB, byAB] = risingFactorials(counts, a + b, atFirst);
  const { customers, customersOfAge, purchasesOfAge } = counts;
  let value = lnR + lnB - lnAB + customers * r * Math.log(alpha);
  gradient[0] += byR + customers * Math.log(alpha);
  gradient[1] += (customers * r) / alpha;
  gradient[2] -= byAB;
  gradient[3] += byB - byAB;
  for (let age = 0; age < customersOfAge.length; age++) {
    if (customersOfAge[age] === 0) continue;
    const events = r * customersOfAge[age] + purchasesOfAge[age];
    const ln = Math.log(alpha + age);
    value -= events * ln;
    gradient[0] -= customersOfAge[age] * ln;
    gradient[1] -= events / (alpha + age);
  }
  return value;
}

/** Σ softplus(d): the one sum that needs every distinct history. */
function gonePart(
  histories: Histories,
  model: BetaGeometric,
  { table, gradient }: { table: DayTable; gradient: Float64Array },
): number {
  const { r, a, b, atFirst } = model;
  const { rows, frequency, recencyDays, ageDays, weight } = histories;
  const { ln, inverse } = table;
  let value = 0;
  let byR = 0;
  let byAlpha = 0;
  let byA = 0;
  let byB = 0;
  let chances = -1;
  let lnChance = 0;
  for (let i = 0; i < rows; i++) {
    const x = frequency[i];
    if (x + atFirst === 0) continue;
    if (x + atFirst !== chances) {
      chances = x + atFirst;
      lnChance = Math.log(a / (b + chances - 1));
    }
    const silence = ln[ageDays[i]] - ln[recencyDays[i]];
    const d = lnChance + (r + x) * silence;
    const e = Math.exp(d > 0 ? -d : d);
    const gone = weight[i] * (d > 0 ? 1 / (1 + e) : e / (1 + e));
    value += weight[i] * ((d > 0 ? d : 0) + Math.log1p(e));
    byR += gone * silence;
    byAlpha += gone * (r + x) * (inverse[ageDays[i]] - inverse[recencyDays[i]]);
    byA += gone;
    byB -= gone / (b + chances - 1);
  }
  gradient[0] += byR;
  gradient[1] += byAlpha;
  gradient[2] += byA / a;
  gradient[3] += byB;
  return value;
}
