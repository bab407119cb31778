import { describe, expect, it } from "vitest";

import { expectGradient } from "../../tests/stores/gradient.ts";
import { summaryOf } from "../../tests/stores/summaries.ts";
import { paretoObjective } from "../models/pareto-nbd.ts";
import { ParetoTables } from "../models/pareto-tables.ts";
import { agesOf, daysOf, placeDays, withSteps } from "./day-places.ts";
import { compressHistories } from "./histories.ts";

const historiesOf = (rows: [number, number, number, number][]) =>
  compressHistories(summaryOf(rows));

/** A store of two years, and one customer of thirty years ago. */
const store: [number, number, number, number][] = [
  [0, 0, 30, 50],
  [0, 0, 700, 40],
  [1, 90, 400, 20],
  [3, 500, 650, 9],
  [12, 640, 700, 2],
];
const old: [number, number, number, number] = [2, 11_000, 11_300, 1];

describe("the days of histories", () => {
  const histories = historiesOf([...store, old]);

  it("are those that occur, once each, in order", () => {
    expect([...agesOf(histories)]).toEqual([30, 400, 650, 700, 11_300]);
    expect([...daysOf(histories)]).toEqual([0, 30, 90, 400, 500, 640, 650, 700, 11_000, 11_300]);
  });

  it("index each row's t_x and T", () => {
    const { days, recency, age } = placeDays(histories);
    for (let row = 0; row < histories.rows; row++) {
      expect(days[recency[row]]).toBe(histories.recencyDays[row]);
      expect(days[age[row]]).toBe(histories.ageDays[row]);
    }
  });

  it("are none but the first for a store without customers", () => {
    expect([...daysOf(historiesOf([]))]).toEqual([0]);
    expect([...withSteps(daysOf(historiesOf([])))]).toEqual([0]);
  });
});

describe("the steps between them", () => {
  it("are single days in a store without long gaps", () => {
    const days = daysOf(historiesOf(store));
    expect([...withSteps(days)]).toEqual(Array.from({ length: 701 }, (_, day) => day));
  });

  it("are few in a gap, however long it is, and include each of the days", () => {
    for (const far of [5_000, 11_300, 60_000, 130_000]) {
      const steps = withSteps(Int32Array.of(0, 300, far, far + 2));
      expect(steps.length).toBeLessThan(301 + 200);
      expect([...steps]).toEqual([...new Set(steps)].sort((a, b) => a - b));
      for (const day of [0, 300, far, far + 1, far + 2]) expect(steps).toContain(day);
    }
  });

  it.each([
    { r: 0.55, alpha: 70, s: 0.6, beta: 80 },
    { r: 0.1, alpha: 3, s: 0.05, beta: 900 },
    { r: 4, alpha: 400, s: 3, beta: 20 },
  ])("integrate as well as single days do, with %o", (parameters) => {
    const days = Int32Array.of(0, 3, 40, 700, 12_000);
    const steps = withSteps(days);
    const daily = new ParetoTables(
      parameters,
      new Int32Array(12_001).map((_, day) => day),
    );
    const graded = new ParetoTables(parameters, steps);
    for (const x of [0, 1, 5, 40, 300, 1000]) {
      const [exact, found] = [daily.derivatives(x), graded.derivatives(x)];
      const integral = graded.integral(x);
      for (const day of days) {
        const at = steps.indexOf(day);
        for (const part of ["table", "byR", "byAlpha", "byS", "byBeta"] as const) {
          const off = Math.abs(found[part][at] - exact[part][day]);
          expect(off).toBeLessThanOrEqual(1e-12 * Math.abs(exact[part][day]) + 1e-300);
        }
        expect(integral[at] / found.table[at] || 1).toBeCloseTo(1, 12);
      }
    }
  });

  it("give the right gradient for a store with one customer from long ago", () => {
    const objective = paretoObjective(historiesOf([...store, old]));
    expectGradient(objective, [-0.6, 4.3, -0.5, 4.4]);
    expectGradient(objective, [1, 2, 1, 6]);
  });
});
