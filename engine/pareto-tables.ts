/** Nodes and weights of Gauss and Legendre's rule with four points on [0, 1]. */
const NODES = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262];
const WEIGHTS = [0.17392742256872692, 0.3260725774312731, 0.3260725774312731, 0.17392742256872692];
const POINTS = NODES.length;

export type ParetoParameters = { r: number; alpha: number; s: number; beta: number };

/**
 * The integral that makes Pareto/NBD hard, without ₂F₁. With G(t) = (α + t)^−(r+x) (β + t)^−s, the
 * likelihood is (Fader and Hardie 2005, A Note on Deriving the Pareto/NBD Model)
 *
 *   L = Γ(r + x)/Γ(r) α^r β^s [G(T) + ∫_{t_x}^T s/(β + τ) G(τ) dτ]
 *
 * and histories are in whole days, so one table over days serves all customers with the same x:
 * J(t) = ∫_t^end s/(β + τ) G(τ)/G(t) dτ ≤ 1, by a recurrence from the end backwards,
 * J(t) = panel(t) + G(t + 1)/G(t) J(t + 1), each panel by four-point Gauss–Legendre. Scaling by
 * G(t) keeps every number near 1 for any x, where the closed form over- and underflows.
 */
export class ParetoTables {
  readonly days: number;
  readonly lnAlpha: Float64Array;
  readonly lnBeta: Float64Array;
  readonly #parameters: ParetoParameters;
  /** At each node: ln(α + τ) − ln(α + t), ln(β + τ) − ln(β + t), weight · s/(β + τ). */
  readonly #awayAlpha: Float64Array;
  readonly #awayBeta: Float64Array;
  readonly #hazard: Float64Array;

  /** Tables for t = 0 … days, the end of the integral. */
  constructor(parameters: ParetoParameters, days: number) {
    const { alpha, s, beta } = parameters;
    this.#parameters = parameters;
    this.days = days;
    this.lnAlpha = Float64Array.from({ length: days + 1 }, (_, t) => Math.log(alpha + t));
    this.lnBeta = Float64Array.from({ length: days + 1 }, (_, t) => Math.log(beta + t));
    this.#awayAlpha = new Float64Array(days * POINTS);
    this.#awayBeta = new Float64Array(days * POINTS);
    this.#hazard = new Float64Array(days * POINTS);
    for (let t = 0; t < days; t++) {
      for (let point = 0; point < POINTS; point++) {
        const at = t * POINTS + point;
        this.#awayAlpha[at] = Math.log1p(NODES[point] / (alpha + t));
        this.#awayBeta[at] = Math.log1p(NODES[point] / (beta + t));
        this.#hazard[at] = (WEIGHTS[point] * s) / (beta + t + NODES[point]);
      }
    }
  }

  /** J(t) for customers with frequency x. */
  integral(x: number): Float64Array {
    const shape = this.#parameters.r + x;
    const { s } = this.#parameters;
    const table = new Float64Array(this.days + 1);
    for (let t = this.days - 1; t >= 0; t--) {
      let panel = 0;
      for (let at = t * POINTS; at < (t + 1) * POINTS; at++) {
        panel += this.#hazard[at] * Math.exp(-shape * this.#awayAlpha[at] - s * this.#awayBeta[at]);
      }
      table[t] = panel + this.#ratio(t, shape) * table[t + 1];
    }
    return table;
  }

  /** J(t) with its derivatives by r, α, s and β. */
  derivatives(x: number): ParetoDerivatives {
    const { r, alpha, s, beta } = this.#parameters;
    const shape = r + x;
    const size = this.days + 1;
    const table = new Float64Array(size);
    const byR = new Float64Array(size);
    const byAlpha = new Float64Array(size);
    const byS = new Float64Array(size);
    const byBeta = new Float64Array(size);
    for (let t = this.days - 1; t >= 0; t--) {
      const ratio = this.#ratio(t, shape);
      const rest = ratio * table[t + 1];
      const fromAlpha = 1 / (alpha + t);
      const fromBeta = 1 / (beta + t);
      table[t] = rest;
      byR[t] = ratio * byR[t + 1] - rest * (this.lnAlpha[t + 1] - this.lnAlpha[t]);
      byS[t] = ratio * byS[t + 1] - rest * (this.lnBeta[t + 1] - this.lnBeta[t]);
      byAlpha[t] = ratio * byAlpha[t + 1] - rest * shape * (1 / (alpha + t + 1) - fromAlpha);
      byBeta[t] = ratio * byBeta[t + 1] - rest * s * (1 / (beta + t + 1) - fromBeta);
      for (let point = 0; point < POINTS; point++) {
        const at = t * POINTS + point;
        const away = this.#awayAlpha[at];
        const awayBeta = this.#awayBeta[at];
        const value = this.#hazard[at] * Math.exp(-shape * away - s * awayBeta);
        const overAlpha = 1 / (alpha + t + NODES[point]);
        const overBeta = 1 / (beta + t + NODES[point]);
        table[t] += value;
        byR[t] -= value * away;
        byS[t] += value * (1 / s - awayBeta);
        byAlpha[t] -= value * shape * (overAlpha - fromAlpha);
        byBeta[t] -= value * (s * (overBeta - fromBeta) + overBeta);
      }
    }
    return { table, byR, byAlpha, byS, byBeta };
  }

  /** G(t + 1)/G(t). */
  #ratio(t: number, shape: number): number {
    const { s } = this.#parameters;
    return Math.exp(
      -shape * (this.lnAlpha[t + 1] - this.lnAlpha[t]) - s * (this.lnBeta[t + 1] - this.lnBeta[t]),
    );
  }
}

export type ParetoDerivatives = {
  table: Float64Array;
  byR: Float64Array;
  byAlpha: Float64Array;
  byS: Float64Array;
  byBeta: Float64Array;
};
