import type { History } from "../histories/histories.ts";
import { lnBeta } from "../maths/special.ts";
import { aliveProbability, type BetaGeometric } from "./beta-geometric.ts";

/** Points and weights of a rule for E[f(p)], p ~ Beta(first, second). */
type Rule = { points: Float64Array; weights: Float64Array; meanP: number };

/**
 * Rule for the expectation of a function that vanishes at p = 0 and p = 1: the trapezoid in
 * u = ln(p/(1 − p)), where the density is p^A (1 − p)^B / B(A, B). The trapezoid converges
 * geometrically for such bell-shaped integrands; the step shrinks with the width of the bell.
 */
function betaRule(first: number, second: number): Rule {
  const centre = Math.log(first / second);
  const width = Math.min(1, Math.sqrt(1 / first + 1 / second));
  const step = 0.25 * width;
  const below = Math.ceil((40 / (first + 1) + 8 * width) / step);
  const above = Math.ceil((40 / (second + 1) + 8 * width) / step);
  const points = new Float64Array(below + above + 1);
  const weights = new Float64Array(below + above + 1);
  const lnNorm = lnBeta(first, second);
  for (let i = 0; i < points.length; i++) {
    const u = centre + (i - below) * step;
    const lnP = u > 0 ? -Math.log1p(Math.exp(-u)) : u - Math.log1p(Math.exp(u));
    points[i] = Math.exp(lnP);
    weights[i] = step * Math.exp(first * lnP + second * (lnP - u) - lnNorm);
  }
  return { points, weights, meanP: first / (first + second) };
}

/**
 * Expected number of purchases of an alive customer who leaves with probability p after each.
 *
 * Given p and λ, (1 − e^(−λ p t))/p purchases come in t; over a Gamma rate with shape `shape` and
 * scale `scale` that is g(p) = [1 − (1 + p t/scale)^−shape]/p, and the answer is E[g(p)] over
 * p ~ Beta(a, b + chances). It equals the ₂F₁ form of Fader, Hardie and Lee (2005, equation 10) and
 * stays finite at a = 1, where the closed form is singular. The straight line from g(0) to g(1) is
 * taken out first, so that the rest vanishes at both ends.
 */
export class DropoutExpectation {
  readonly #a: number;
  readonly #b: number;
  readonly #rules = new Map<number, Rule>();

  constructor(a: number, b: number) {
    this.#a = a;
    this.#b = b;
  }

  /** E[g(p)]; `share` is t/scale, `chances` how many times the customer has stayed. */
  orders(chances: number, shape: number, share: number): number {
    const { points, weights, meanP } = this.#rule(chances);
    const atZero = shape * share;
    const atOne = -Math.expm1(-shape * Math.log1p(share));
    let rest = 0;
    for (let i = 0; i < points.length; i++) {
      const p = points[i];
      const value = -Math.expm1(-shape * Math.log1p(p * share)) / p;
      rest += weights[i] * (value - atZero - p * (atOne - atZero));
    }
    return Math.max(0, atZero + meanP * (atOne - atZero) + rest);
  }

  #rule(chances: number): Rule {
    const known = this.#rules.get(chances);
    if (known) return known;
    const rule = betaRule(this.#a, this.#b + chances);
    this.#rules.set(chances, rule);
    return rule;
  }
}

/** E[purchases in (T, T + horizon] | x, t_x, T] of the beta-geometric family. */
export class ExpectedOrders {
  readonly #model: BetaGeometric;
  readonly #horizon: number;
  readonly #dropout: DropoutExpectation;

  constructor(model: BetaGeometric, horizon: number) {
    this.#model = model;
    this.#horizon = horizon;
    this.#dropout = new DropoutExpectation(model.a, model.b);
  }

  /** E[purchases in the horizon | x, T, alive at T]. */
  ofAlive(frequency: number, age: number): number {
    const { r, alpha, atFirst } = this.#model;
    const share = this.#horizon / (alpha + age);
    return this.#dropout.orders(frequency + atFirst, r + frequency, share);
  }

  /** E[purchases in the horizon | x, t_x, T]. */
  of(history: History): number {
    return aliveProbability(this.#model, history) * this.ofAlive(history.frequency, history.age);
  }
}
