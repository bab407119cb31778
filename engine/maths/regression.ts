import { logistic, softplus } from "./special.ts";

/** Training data, in columns of equal length. */
export type Design = {
  features: Float64Array[];
  /** The window of each row; each window has its own intercept. */
  window: Uint8Array;
  windows: number;
  weight: Float64Array;
  /** 0 or 1, or an amount not below 0. */
  outcome: Float64Array;
};

/**
 * How outcomes depend on z = intercept of the window + Σ coefficient × feature: a probability
 * logistic(z), or an expected amount e^z with variance proportional to it (quasi-Poisson).
 */
export type Family = "logistic" | "amount";

export type Ridge = {
  /** Centre of the ridge penalty, and its strength in rows of weight 1. */
  centre: number[];
  ridge: number;
};

/** Linear predictors are capped here, so that e^z stays finite. */
const FAR = 30;
const STEPS = 40;
const TOLERANCE = 1e-9;

type Scale = { mean: number; deviation: number };

/**
 * Penalized maximum likelihood on standardized features, by Newton steps with step halving.
 * Deterministic; sums run in the order of the rows.
 *
 * @returns the coefficient of each feature on its original scale, without the intercepts
 */
export function regress(design: Design, family: Family, { centre, ridge }: Ridge): number[] {
  const scales = design.features.map((column) => scaleOf(column, design.weight));
  const held = centre.map((value, i) => value * scales[i].deviation);
  const size = design.windows + held.length;
  const rows = new Rows(design, family, scales);
  let point: Float64Array = Float64Array.from([...rows.intercepts(held), ...held]);
  const penalty = (at: Float64Array) =>
    held.reduce((sum, value, i) => sum + (ridge / 2) * (at[design.windows + i] - value) ** 2, 0);
  let value = rows.loss(point) + penalty(point);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, curvature } = rows.derivatives(point);
    for (let i = 0; i < held.length; i++) {
      const at = design.windows + i;
      gradient[at] += ridge * (point[at] - held[i]);
      curvature[at * size + at] += ridge;
    }
    for (let i = 0; i < size; i++) curvature[i * size + i] += 1e-9;
    const move = solvePositive(curvature, gradient);
    if (!move) break;
    const from: Float64Array = point;
    let length = 1;
    let next = from;
    let reached = Infinity;
    for (; length > 1e-4; length /= 2) {
      next = from.map((at, i) => at - length * move[i]);
      reached = rows.loss(next) + penalty(next);
      if (reached <= value) break;
    }
    if (!(reached < value)) break;
    const gained = value - reached;
    point = next;
    value = reached;
    if (gained <= TOLERANCE * (1 + Math.abs(value))) break;
  }
  return scales.map(({ deviation }, i) => point[design.windows + i] / deviation);
}

/** The sums over all rows that a Newton step needs. */
class Rows {
  readonly #design: Design;
  readonly #family: Family;
  readonly #standard: Float64Array[];

  constructor(design: Design, family: Family, scales: Scale[]) {
    this.#design = design;
    this.#family = family;
    this.#standard = design.features.map((column, i) =>
      column.map((value) => (value - scales[i].mean) / scales[i].deviation),
    );
  }

  /** Starting values of the intercepts, from each window's level. */
  intercepts(coefficients: number[]): number[] {
    const { windows, window, weight, outcome } = this.#design;
    const observed = new Float64Array(windows);
    const predicted = new Float64Array(windows);
    const all = new Float64Array(windows);
    for (let row = 0; row < weight.length; row++) {
      const z = this.#along(row, coefficients, 0);
      observed[window[row]] += weight[row] * outcome[row];
      predicted[window[row]] += weight[row] * Math.exp(Math.min(FAR, z));
      all[window[row]] += weight[row];
    }
    return Array.from(observed, (sum, i) => {
      if (!(sum > 0) || !(all[i] > 0)) return -FAR;
      if (this.#family === "amount") return Math.log(sum / predicted[i]);
      const share = Math.min(0.999, sum / all[i]);
      return Math.log(share / (1 - share));
    });
  }

  loss(point: Float64Array): number {
    const { weight, outcome, window, windows } = this.#design;
    const coefficients = point.subarray(windows);
    let sum = 0;
    for (let row = 0; row < weight.length; row++) {
      const z = this.#along(row, coefficients, point[window[row]]);
      const expected = this.#family === "logistic" ? softplus(z) : Math.exp(Math.min(FAR, z));
      sum += weight[row] * (expected - outcome[row] * z);
    }
    return sum;
  }

  derivatives(point: Float64Array): { gradient: Float64Array; curvature: Float64Array } {
    const { weight, outcome, window, windows } = this.#design;
    const size = point.length;
    const coefficients = point.subarray(windows);
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    const features = this.#standard;
    for (let row = 0; row < weight.length; row++) {
      const own = window[row];
      const z = this.#along(row, coefficients, point[own]);
      const mean = this.#family === "logistic" ? logistic(z) : Math.exp(Math.min(FAR, z));
      const error = weight[row] * (mean - outcome[row]);
      const variance = weight[row] * (this.#family === "logistic" ? mean * (1 - mean) : mean);
      gradient[own] += error;
      curvature[own * size + own] += variance;
      for (let i = 0; i < features.length; i++) {
        const value = features[i][row];
        const at = windows + i;
        gradient[at] += error * value;
        const part = variance * value;
        curvature[at * size + own] += part;
        for (let j = 0; j <= i; j++) curvature[at * size + windows + j] += part * features[j][row];
      }
    }
    return { gradient, curvature };
  }

  #along(row: number, coefficients: ArrayLike<number>, intercept: number): number {
    let z = intercept;
    for (let i = 0; i < this.#standard.length; i++) z += coefficients[i] * this.#standard[i][row];
    return z;
  }
}

/**
 * Solves A x = b by Cholesky factorization of A's lower triangle; null unless positive definite.
 */
export function solvePositive(matrix: Float64Array, b: Float64Array): Float64Array | null {
  const size = b.length;
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j];
      for (let k = 0; k < j; k++) rest -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = rest / lower[j * size + j];
      else if (rest > 0) lower[i * size + i] = Math.sqrt(rest);
      else return null;
    }
  }
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * size + k] * x[k];
    x[i] /= lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
    x[i] /= lower[i * size + i];
  }
  return x;
}

function scaleOf(column: Float64Array, weight: Float64Array): Scale {
  let customers = 0;
  let sum = 0;
  for (let row = 0; row < column.length; row++) {
    customers += weight[row];
    sum += weight[row] * column[row];
  }
  const mean = sum / Math.max(1e-9, customers);
  let squares = 0;
  for (let row = 0; row < column.length; row++) squares += weight[row] * (column[row] - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1e-9, customers));
  return { mean, deviation: deviation > 1e-9 ? deviation : 1 };
}
