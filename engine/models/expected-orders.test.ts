import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyBetaGeometric, anyHistory } from "../../tests/stores/summaries.ts";
import { type BetaGeometric, buyProbability } from "./beta-geometric.ts";
import { ExpectedOrders } from "./expected-orders.ts";

/** ₂F₁(a, b; c; z) by its series, for |z| < 1: the oracle of the closed form. */
function hypergeometric([a, b, c]: [number, number, number], z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 20_000 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (((a + n) * (b + n)) / (c + n) / (n + 1)) * z;
    sum += term;
  }
  return sum;
}

/** E[Y(t) | alive] in closed form: Fader, Hardie and Lee 2005, equation 10 without P(alive). */
function closedForm(model: BetaGeometric, history: [number, number], t: number): number {
  const { r, alpha, a } = model;
  const [x, age] = history;
  const b = model.b + x + model.atFirst;
  const z = t / (alpha + age + t);
  const shrunk = ((alpha + age) / (alpha + age + t)) ** (r + x);
  return ((a + b - 1) / (a - 1)) * (1 - shrunk * hypergeometric([r + x, b, a + b - 1], z));
}

describe("expected orders", () => {
  it("equal the ₂F₁ form of the paper", () => {
    for (const atFirst of [0, 1] as const) {
      for (const [r, alpha, a, b] of [
        [0.2426, 4.4136, 0.7929, 2.4259],
        [0.88, 72, 0.06, 21],
        [3, 20, 4, 0.3],
        [0.5, 10, 30, 40],
      ]) {
        const model = { r, alpha, a, b, atFirst };
        for (const history of [
          [0, 39],
          [2, 39],
          [60, 300],
        ] as [number, number][]) {
          const expected = closedForm(model, history, 39);
          const value = new ExpectedOrders(model, 39).ofAlive(...history);
          expect(value / expected).toBeCloseTo(1, 7);
        }
      }
    }
  });

  it("are smooth at a = 1, where the closed form is singular", () => {
    const at = (a: number) =>
      new ExpectedOrders({ r: 0.5, alpha: 10, a, b: 2, atFirst: 1 }, 39).ofAlive(3, 100);
    expect(at(1)).toBeCloseTo((at(1 - 1e-4) + at(1 + 1e-4)) / 2, 7);
  });

  it("are at least P(buy) and at most the orders of a customer who never leaves", () => {
    fc.assert(
      fc.property(
        anyBetaGeometric,
        anyHistory,
        fc.integer({ min: 1, max: 365 }),
        (free, history, days) => {
          const model: BetaGeometric = { ...free, atFirst: 1 };
          const orders = new ExpectedOrders(model, days).of(history);
          const most = ((model.r + history.frequency) * days) / (model.alpha + history.age);
          expect(orders).toBeGreaterThanOrEqual(buyProbability(model, history, days) * (1 - 1e-7));
          expect(orders).toBeLessThanOrEqual(most * (1 + 1e-7));
        },
      ),
    );
  });
});
