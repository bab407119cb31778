/** A smooth function: returns its value at `point` and writes its gradient into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export type Minimum = {
  point: Float64Array;
  value: number;
  /** How often value and gradient were computed. */
  evaluations: number;
  /** False when the limit was reached first; the point is then the best one seen. */
  converged: boolean;
  /** Estimate of the inverse Hessian, row by row. */
  inverse: Float64Array;
};

type Options = {
  /** Stop when the largest component of the gradient is below this. */
  tolerance?: number;
  maxEvaluations?: number;
  /** Initial inverse Hessian, from the minimum of a similar function. */
  inverse?: Float64Array;
};

/** Log parameters are clamped to ±40: larger values mean nothing. */
const BOUND = 40;

/**
 * Relative rounding error of a sum of a million terms. Near the minimum the value falls by less
 * than that, and only the gradient shows the way (Hager and Zhang 2005).
 */
const ROUNDING = 1e-12;

/**
 * BFGS with a line search for the weak Wolfe conditions by bisection (Nocedal and Wright 2006,
 * algorithm 6.1; Lewis and Overton 2013, algorithm 2.6). For the few log parameters of our models.
 */
export function minimize(objective: Objective, start: number[], options: Options = {}): Minimum {
  const tolerance = options.tolerance ?? 1e-9;
  const maxEvaluations = options.maxEvaluations ?? 500;
  const search = new LineSearch(objective, start);
  const size = start.length;
  let inverse = options.inverse?.slice() ?? identity(size, firstScale(search.gradient));
  let scaled = options.inverse !== undefined;
  while (largest(search.gradient) > tolerance && search.evaluations < maxEvaluations) {
    let direction = times(inverse, search.gradient);
    if (!(dot(direction, search.gradient) < 0)) {
      inverse = identity(size, firstScale(search.gradient));
      direction = times(inverse, search.gradient);
    }
    const before = search.value;
    const moved = search.along(direction);
    if (!moved) return { ...search.best(), inverse, converged: largest(search.gradient) < 1e-5 };
    const curvature = dot(moved.step, moved.change);
    if (curvature > 1e-300) {
      if (!scaled) inverse = identity(size, curvature / dot(moved.change, moved.change));
      scaled = true;
      update(inverse, moved.step, moved.change);
    }
    if (before - search.value <= 1e-16 * Math.abs(before) && largest(search.gradient) < 1e-6) break;
  }
  return { ...search.best(), inverse, converged: search.evaluations < maxEvaluations };
}

class LineSearch {
  point: Float64Array;
  gradient: Float64Array;
  value: number;
  evaluations = 1;
  readonly #objective: Objective;

  constructor(objective: Objective, start: number[]) {
    this.#objective = objective;
    this.point = Float64Array.from(start);
    this.gradient = new Float64Array(start.length);
    this.value = objective(this.point, this.gradient);
  }

  /** Moves along a descent direction; null when no better point can be found in double precision. */
  along(direction: Float64Array): { step: Float64Array; change: Float64Array } | null {
    const slope = dot(direction, this.gradient);
    let low = 0;
    let high = Infinity;
    let length = 1;
    for (let attempt = 0; attempt < 60; attempt++) {
      const point = this.point.map((value, i) =>
        Math.max(-BOUND, Math.min(BOUND, value + length * direction[i])),
      );
      const gradient = new Float64Array(point.length);
      const value = this.#objective(point, gradient);
      this.evaluations++;
      const enough = this.value + 1e-4 * length * slope + ROUNDING * Math.abs(this.value);
      if (!(value <= enough)) high = length;
      else if (dot(gradient, direction) < 0.9 * slope && attempt < 30) low = length;
      else return this.#accept(point, value, gradient);
      length = high === Infinity ? 2 * length : (low + high) / 2;
      if (high - low < 1e-14) break;
    }
    return null;
  }

  #accept(point: Float64Array, value: number, gradient: Float64Array) {
    const step = point.map((coordinate, i) => coordinate - this.point[i]);
    const change = gradient.map((component, i) => component - this.gradient[i]);
    this.point = point;
    this.value = value;
    this.gradient = gradient;
    return { step, change };
  }

  best() {
    return { point: this.point, value: this.value, evaluations: this.evaluations };
  }
}

function firstScale(gradient: Float64Array): number {
  return Math.min(1, 1 / (Math.sqrt(dot(gradient, gradient)) || 1));
}

function identity(size: number, scale: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = scale;
  return matrix;
}

/** −H g */
function times(inverse: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += inverse[i * size + j] * gradient[j];
    product[i] = -sum;
  }
  return product;
}

/** H ← (I − s yᵀ/sᵀy) H (I − y sᵀ/sᵀy) + s sᵀ/sᵀy (Nocedal and Wright, equation 6.17). */
function update(inverse: Float64Array, step: Float64Array, change: Float64Array): void {
  const size = step.length;
  const curvature = dot(step, change);
  const product = times(inverse, change).map((value) => -value);
  const factor = (1 + dot(change, product) / curvature) / curvature;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const cross = product[i] * step[j] + step[i] * product[j];
      inverse[i * size + j] =
        inverse[i * size + j] + factor * step[i] * step[j] - cross / curvature;
    }
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i] * right[i];
  return sum;
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
