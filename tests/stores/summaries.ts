import fc from "fast-check";

import type { Summary } from "#engine";

/** A summary from rows of [x, t_x, T, z̄]. */
export function summaryOf(rows: [number, number, number, number][]): Summary {
  return {
    customers: rows.length,
    index: Int32Array.from(rows.keys()),
    frequency: Int32Array.from(rows, (row) => row[0]),
    recencyDays: Int32Array.from(rows, (row) => row[1]),
    ageDays: Int32Array.from(rows, (row) => row[2]),
    meanSpend: Float64Array.from(rows, (row) => row[3]),
  };
}

/** An arbitrary possible history: x ≤ t_x ≤ T, and t_x = 0 exactly when x = 0. */
export const anyHistory = fc
  .tuple(fc.nat(400), fc.nat(3000), fc.integer({ min: 1, max: 3000 }))
  .map(([x, gap, rest]) => {
    const recency = x === 0 ? 0 : x + gap;
    return { frequency: x, recency, age: recency + rest };
  });

/** Parameters of the beta-geometric family, far beyond the range of real stores. */
export const anyBetaGeometric = fc
  .tuple(...[0, 1, 2, 3].map(() => fc.double({ min: -5, max: 5, noNaN: true })))
  .map(([r, alpha, a, b]) => ({
    r: Math.exp(r),
    alpha: Math.exp(alpha + 3),
    a: Math.exp(a),
    b: Math.exp(b),
  }));
