import fc from "fast-check";
import { expect, it } from "vitest";

import { anyHistory, summaryOf } from "../../tests/stores/summaries.ts";
import { lnLikelihood } from "../models/beta-geometric.ts";
import { betaGeometricObjective } from "../models/beta-geometric-fit.ts";
import { compressHistories } from "./histories.ts";

const rows = fc.array(
  anyHistory.map(({ frequency, recency, age }): [number, number, number, number] => [
    frequency,
    recency,
    age,
    1,
  ]),
);

it("equal histories become one weighted row, whatever the order of customers", () => {
  fc.assert(
    fc.property(rows, (list) => {
      const doubled = [...list, ...list];
      const compressed = compressHistories(summaryOf(doubled));
      expect(compressHistories(summaryOf(doubled.reverse()))).toEqual(compressed);
      expect(compressed.rows).toBe(new Set(list.map(String)).size);
      expect(compressed.customers).toBe(doubled.length);
      expect(compressed.weight.reduce((sum, weight) => sum + weight, 0)).toBe(doubled.length);
    }),
  );
});

it("the log likelihood of a store is the sum over its customers", () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(0 as const, 1 as const), (list, atFirst) => {
      const model = { r: 0.4, alpha: 30, a: 0.6, b: 1.7, atFirst };
      const objective = betaGeometricObjective(compressHistories(summaryOf(list)), atFirst);
      const point = Float64Array.from([model.r, model.alpha, model.a, model.b], Math.log);
      const whole = -objective(point, new Float64Array(4));
      const parts = list.map(([frequency, recency, age]) =>
        lnLikelihood(model, { frequency, recency, age }),
      );
      const sum = parts.reduce((total, part) => total + part, 0);
      const size = parts.reduce((total, part) => total + Math.abs(part), 1);
      expect(Math.abs(whole - sum)).toBeLessThan(1e-10 * size);
    }),
  );
});

it("days beyond three centuries are clamped", () => {
  const { ageDays } = compressHistories(summaryOf([[0, 0, 2 ** 30, 1]]));
  expect(ageDays[0]).toBe(2 ** 17 - 1);
});
