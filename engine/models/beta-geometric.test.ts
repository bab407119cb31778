import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyBetaGeometric, anyHistory } from "../../tests/stores/summaries.ts";
import { aliveProbability, buyProbability, lnLikelihood } from "./beta-geometric.ts";

const example = { r: 0.25, alpha: 4, a: 0.8, b: 2.5 };
const bg = { ...example, atFirst: 0 as const };
const mbg = { ...example, atFirst: 1 as const };

describe("the log likelihood of one customer", () => {
  it("has the known values for BG/NBD", () => {
    expect(lnLikelihood(bg, { frequency: 0, recency: 0, age: 40 })).toBeCloseTo(-0.59947382, 7);
    expect(lnLikelihood(bg, { frequency: 200, recency: 38, age: 40 })).toBeCloseTo(100.7957, 4);
  });

  it("has the known values for MBG/NBD", () => {
    expect(lnLikelihood(mbg, { frequency: 0, recency: 0, age: 40 })).toBeCloseTo(-0.41792826, 7);
    expect(lnLikelihood(mbg, { frequency: 200, recency: 38, age: 40 })).toBeCloseTo(100.7869, 4);
  });

  it("stays finite for customers with hundreds of purchases", () => {
    for (const atFirst of [0, 1] as const) {
      for (const [frequency, recency, age] of [
        [221, 103.43, 103.57],
        [161, 94.71, 98],
        [204, 98.57, 99.43],
      ]) {
        const model = { ...example, atFirst };
        expect(Number.isFinite(lnLikelihood(model, { frequency, recency, age }))).toBe(true);
        expect(aliveProbability(model, { frequency, recency, age })).toBeGreaterThan(0);
      }
    }
  });
});

it("a very frequent customer who stopped long ago has P(alive) near 0", () => {
  expect(aliveProbability(bg, { frequency: 1000, recency: 10, age: 100 })).toBe(0);
  expect(aliveProbability(mbg, { frequency: 1000, recency: 10, age: 100 })).toBe(0);
});

describe("for any parameters and history", () => {
  const anyModel = fc
    .tuple(anyBetaGeometric, fc.constantFrom(0 as const, 1 as const))
    .map(([model, atFirst]) => ({ ...model, atFirst }));

  it("probabilities lie between 0 and 1 and never exceed P(alive)", () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory,
        fc.integer({ min: 1, max: 730 }),
        (model, history, days) => {
          const alive = aliveProbability(model, history);
          const buys = buyProbability(model, history, days);
          expect(alive).toBeGreaterThanOrEqual(0);
          expect(alive).toBeLessThanOrEqual(1);
          expect(buys).toBeGreaterThanOrEqual(0);
          expect(buys).toBeLessThanOrEqual(alive);
        },
      ),
    );
  });

  it("P(buy) is 1 − L(T + horizon)/L(T)", () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory,
        fc.integer({ min: 1, max: 730 }),
        (model, history, days) => {
          const later = lnLikelihood(model, { ...history, age: history.age + days });
          const now = lnLikelihood(model, history);
          const rounding = 1e-12 * (1 + Math.abs(now)) * (1 + history.frequency);
          const expected = -Math.expm1(later - now);
          expect(Math.abs(buyProbability(model, history, days) - expected)).toBeLessThan(
            1e-9 + rounding,
          );
        },
      ),
    );
  });

  it("P(alive) and P(buy) rise with a more recent last purchase", () => {
    fc.assert(
      fc.property(anyModel, anyHistory, (model, history) => {
        fc.pre(history.frequency > 0 && history.recency < history.age);
        const fresher = { ...history, recency: history.recency + 1 };
        expect(aliveProbability(model, fresher)).toBeGreaterThanOrEqual(
          aliveProbability(model, history),
        );
        expect(buyProbability(model, fresher, 90)).toBeGreaterThanOrEqual(
          buyProbability(model, history, 90),
        );
      }),
    );
  });

  it("P(buy) rises with the horizon", () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory,
        fc.integer({ min: 1, max: 700 }),
        (model, history, days) => {
          expect(buyProbability(model, history, days + 1)).toBeGreaterThanOrEqual(
            buyProbability(model, history, days),
          );
        },
      ),
    );
  });
});
