import type { History } from "../histories/histories.ts";
import { lnGamma, logistic, softplus } from "../maths/special.ts";

/**
 * What BG/NBD and MBG/NBD share. While a customer is alive, purchases come as a Poisson process
 * with rate λ ~ Gamma(r, α); after a purchase the customer leaves with probability p ~ Beta(a, b).
 * In the MBG the customer may already leave after the first purchase (time 0), in the BG only after
 * a repeat purchase: an alive customer has stayed x + `atFirst` times.
 *
 * BG/NBD: Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, equation 6.
 * MBG/NBD: Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007.
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

/** P(alive at T | x, t_x, T). Internal: not the probability of buying. */
export function aliveProbability(model: BetaGeometric, history: History): number {
  return logistic(-lnOddsGone(model, history));
}

/**
 * ln L(x, t_x, T) for one customer, without the constant that depends only on the data and is
 * common to all models.
 */
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
