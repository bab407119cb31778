/** Nodes and weights of the four-point Gauss–Legendre rule on [0, 1]. */
const NODES = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262];
const WEIGHTS = [0.17392742256872692, 0.3260725774312731, 0.3260725774312731, 0.17392742256872692];
const POINTS = NODES.length;
/**
 * Most multiplicative steps in a row: each adds a rounding error of up to half a unit in the last
 * place.
 */
const MOST_STEPS = 32;

export type ParetoParameters = { r: number; alpha: number; s: number; beta: number };

/**
 * The integral in Pareto/NBD's likelihood, computed without ₂F₁. With G(t) = (α + t)^−(r+x) (β +
 * t)^−s, the likelihood is (Fader and Hardie 2005, A Note on Deriving the Pareto/NBD Model)
 *
 *   L = Γ(r + x)/Γ(r) α^r β^s [G(T) + ∫_{t_x}^T s/(β + τ) G(τ) dτ]
 *
 * and histories are in whole days, so one table over days serves all customers with the same x:
 * J(t) = ∫_t^end s/(β + τ) G(τ)/G(t) dτ ≤ 1, by a recurrence from the end backwards,
 * J(t) = panel(t) + G(t′)/G(t) J(t′), t′ the next day of the table, each panel by four-point
 * Gauss–Legendre. Scaling by G(t) keeps every number near 1 for any x, where the closed form over- and
 * underflows.
 */
export class ParetoTables {
  readonly days: Int32Array;
  readonly lnAlpha: Float64Array;
  readonly lnBeta: Float64Array;
  readonly #parameters: ParetoParameters;
  /** At each node: ln(α + τ) − ln(α + t), ln(β + τ) − ln(β + t), weight · s/(β + τ). */
  readonly #awayAlpha: Float64Array;
  readonly #awayBeta: Float64Array;
  readonly #hazard: Float64Array;
  #slopes: NodeSlopes | null = null;
  #terms: Terms | null = null;

  /** @param days t of the tables, ascending from 0 to the end of the integral: every table has one value each */
  constructor(parameters: ParetoParameters, days: Int32Array) {
    const { alpha, s, beta } = parameters;
    this.#parameters = parameters;
    this.days = days;
    this.lnAlpha = Float64Array.from(days, (t) => Math.log(alpha + t));
    this.lnBeta = Float64Array.from(days, (t) => Math.log(beta + t));
    const panels = Math.max(0, days.length - 1);
    this.#awayAlpha = new Float64Array(panels * POINTS);
    this.#awayBeta = new Float64Array(panels * POINTS);
    this.#hazard = new Float64Array(panels * POINTS);
    for (let i = 0; i < panels; i++) {
      const t = days[i];
      const width = days[i + 1] - t;
      for (let point = 0; point < POINTS; point++) {
        const at = i * POINTS + point;
        const away = NODES[point] * width;
        this.#awayAlpha[at] = Math.log1p(away / (alpha + t));
        this.#awayBeta[at] = Math.log1p(away / (beta + t));
        this.#hazard[at] = (WEIGHTS[point] * width * s) / (beta + t + away);
      }
    }
  }

  /** J for customers with frequency x. */
  integral(x: number): Float64Array {
    const shape = this.#parameters.r + x;
    const { s } = this.#parameters;
    const table = new Float64Array(this.days.length);
    for (let i = table.length - 2; i >= 0; i--) {
      let panel = 0;
      for (let at = i * POINTS; at < (i + 1) * POINTS; at++) {
        panel += this.#hazard[at] * Math.exp(-shape * this.#awayAlpha[at] - s * this.#awayBeta[at]);
      }
      table[i] = panel + this.#ratio(i, shape) * table[i + 1];
    }
    return table;
  }

  /**
   * J with its derivatives by r, α, s and β, from the last day back to index `from`; values before
   * it are not computed.
   */
  derivatives(x: number, from = 0): ParetoDerivatives {
    const { r, alpha, s, beta } = this.#parameters;
    const { days, lnAlpha, lnBeta } = this;
    const shape = r + x;
    const table = new Float64Array(days.length);
    const byR = new Float64Array(days.length);
    const byAlpha = new Float64Array(days.length);
    const byS = new Float64Array(days.length);
    const byBeta = new Float64Array(days.length);
    const slopes = this.#slopesAtNodes();
    const { ratios, values } = this.#termsOf(x);
    for (let i = days.length - 2; i >= from; i--) {
      const ratio = ratios[i];
      const rest = ratio * table[i + 1];
      const stepAlpha = 1 / (alpha + days[i + 1]) - 1 / (alpha + days[i]);
      const stepBeta = 1 / (beta + days[i + 1]) - 1 / (beta + days[i]);
      let ofJ = rest;
      let ofR = ratio * byR[i + 1] - rest * (lnAlpha[i + 1] - lnAlpha[i]);
      let ofS = ratio * byS[i + 1] - rest * (lnBeta[i + 1] - lnBeta[i]);
      let ofAlpha = ratio * byAlpha[i + 1] - rest * shape * stepAlpha;
      let ofBeta = ratio * byBeta[i + 1] - rest * s * stepBeta;
      for (let at = i * POINTS; at < (i + 1) * POINTS; at++) {
        const away = this.#awayAlpha[at];
        const awayBeta = this.#awayBeta[at];
        const value = values[at];
        ofJ += value;
        ofR -= value * away;
        ofS += value * (1 / s - awayBeta);
        ofAlpha -= value * shape * slopes.alpha[at];
        ofBeta -= value * slopes.beta[at];
      }
      table[i] = ofJ;
      byR[i] = ofR;
      byS[i] = ofS;
      byAlpha[i] = ofAlpha;
      byBeta[i] = ofBeta;
    }
    return { table, byR, byAlpha, byS, byBeta };
  }

  /**
   * The ratio of each day and the term of each node for customers with frequency x. From x to x + 1
   * each is multiplied by its own constant factor, so ascending calls need exponentials only for
   * the first x.
   */
  #termsOf(x: number): Terms {
    const known = this.#terms;
    if (known === null || x < known.x || x - known.first > MOST_STEPS) {
      this.#terms = this.#computeTerms(x);
      return this.#terms;
    }
    for (; known.x < x; known.x++) {
      for (let i = 0; i < known.ratios.length; i++) known.ratios[i] *= known.ratioSteps[i];
      for (let at = 0; at < known.values.length; at++) known.values[at] *= known.valueSteps[at];
    }
    return known;
  }

  #computeTerms(x: number): Terms {
    const { r, s } = this.#parameters;
    const { lnAlpha } = this;
    const shape = r + x;
    const panels = Math.max(0, this.days.length - 1);
    const nodes = this.#hazard.length;
    const terms = {
      first: x,
      x,
      ratios: new Float64Array(panels),
      ratioSteps: new Float64Array(panels),
      values: new Float64Array(nodes),
      valueSteps: new Float64Array(nodes),
    };
    for (let i = 0; i < panels; i++) {
      terms.ratios[i] = this.#ratio(i, shape);
      terms.ratioSteps[i] = Math.exp(lnAlpha[i] - lnAlpha[i + 1]);
    }
    for (let at = 0; at < nodes; at++) {
      const exponent = -shape * this.#awayAlpha[at] - s * this.#awayBeta[at];
      terms.values[at] = this.#hazard[at] * Math.exp(exponent);
      terms.valueSteps[at] = Math.exp(-this.#awayAlpha[at]);
    }
    return terms;
  }

  /** At each node, the same for every x: the slopes of −ln of its term by α (over r + x) and by β. */
  #slopesAtNodes(): NodeSlopes {
    if (this.#slopes) return this.#slopes;
    const { alpha, s, beta } = this.#parameters;
    const { days } = this;
    const slopes = {
      alpha: new Float64Array(this.#hazard.length),
      beta: new Float64Array(this.#hazard.length),
    };
    for (let at = 0; at < this.#hazard.length; at++) {
      const i = Math.floor(at / POINTS);
      const t = days[i];
      const away = NODES[at % POINTS] * (days[i + 1] - t);
      const overBeta = 1 / (beta + t + away);
      slopes.alpha[at] = 1 / (alpha + t + away) - 1 / (alpha + t);
      slopes.beta[at] = s * (overBeta - 1 / (beta + t)) + overBeta;
    }
    this.#slopes = slopes;
    return slopes;
  }

  /** G at the next day of the table over G at this one. */
  #ratio(i: number, shape: number): number {
    const { s } = this.#parameters;
    return Math.exp(
      -shape * (this.lnAlpha[i + 1] - this.lnAlpha[i]) - s * (this.lnBeta[i + 1] - this.lnBeta[i]),
    );
  }
}

type Terms = {
  /** The x that was computed by exponentials, and the x of the current terms. */
  first: number;
  x: number;
  ratios: Float64Array;
  ratioSteps: Float64Array;
  values: Float64Array;
  valueSteps: Float64Array;
};

type NodeSlopes = { alpha: Float64Array; beta: Float64Array };

export type ParetoDerivatives = {
  table: Float64Array;
  byR: Float64Array;
  byAlpha: Float64Array;
  byS: Float64Array;
  byBeta: Float64Array;
};
