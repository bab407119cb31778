import type { Objective } from "../maths/minimize.ts";
import type { Prior } from "./prior.ts";

/**
 * Covariance of log parameters around the best fit (Laplace's approximation): the inverse of the
 * second derivatives of −ln L, or of −ln L − ln prior, computed by central differences of the
 * analytic gradient. Row by row; null where the second derivatives are not positive definite.
 */
export function covariance(
  objective: Objective,
  point: Float64Array,
  prior: Prior | null,
): Float64Array | null {
  const size = point.length;
  const hessian = new Float64Array(size * size);
  const step = 1e-4;
  for (let i = 0; i < size; i++) {
    const up = gradientAt(objective, shifted(point, i, step));
    const down = gradientAt(objective, shifted(point, i, -step));
    for (let j = 0; j < size; j++) hessian[i * size + j] = (up[j] - down[j]) / (2 * step);
    if (prior) hessian[i * size + i] += 1;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (hessian[i * size + j] + hessian[j * size + i]) / 2;
      hessian[i * size + j] = mean;
      hessian[j * size + i] = mean;
    }
  }
  return invertPositive(hessian, size);
}

/** Standard errors of the parameters themselves: those of their logarithms times the value. */
export function standardErrors(point: Float64Array, covariances: Float64Array): Float64Array {
  return point.map(
    (ln, i) => Math.exp(ln) * Math.sqrt(Math.max(0, covariances[i * point.length + i])),
  );
}

/** Standard error of a function of the parameters with this gradient in their logarithms. */
export function errorOf(gradient: Float64Array, covariances: Float64Array): number {
  const size = gradient.length;
  let variance = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      variance += gradient[i] * covariances[i * size + j] * gradient[j];
    }
  }
  return Math.sqrt(Math.max(0, variance));
}

function shifted(point: Float64Array, index: number, by: number): Float64Array {
  return point.map((value, i) => (i === index ? value + by : value));
}

function gradientAt(objective: Objective, point: Float64Array): Float64Array {
  const gradient = new Float64Array(point.length);
  objective(point, gradient);
  return gradient;
}

/** Inverse by Cholesky factorization; null unless positive definite. */
function invertPositive(matrix: Float64Array, size: number): Float64Array | null {
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
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const solution = solve(lower, size, column);
    for (let i = 0; i < size; i++) inverse[i * size + column] = solution[i];
  }
  return inverse.every(Number.isFinite) ? inverse : null;
}

/** Solves L Lᵀ x = e for a unit vector e. */
function solve(lower: Float64Array, size: number, column: number): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i === column ? 1 : 0;
    for (let k = 0; k < i; k++) rest -= lower[i * size + k] * x[k];
    x[i] = rest / lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let rest = x[i];
    for (let k = i + 1; k < size; k++) rest -= lower[k * size + i] * x[k];
    x[i] = rest / lower[i * size + i];
  }
  return x;
}
