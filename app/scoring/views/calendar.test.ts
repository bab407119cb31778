import { describe, expect, it } from "vitest";

import { restsOnWeeks } from "./attention.ts";
import { calendarWeeks, type OutlookRow, pastWeeks } from "./calendar.ts";

const moved = { clv: { up: 1, down: 2 }, buy: { up: 3, down: 4 } };
const row = (asOf: string, due: number, reconstructed = false): OutlookRow => ({
  ...{ asOf, due, moved, reconstructed },
});

describe("the weeks before", () => {
  it("are the last run in each, newest first, up to the day before it", () => {
    const rows = [
      row("2026-11-16", 5),
      row("2026-11-15", 4),
      row("2026-11-14", 3),
      row("2026-11-01", 2, true),
    ];
    expect(pastWeeks("2026-11-22", rows).map(({ until, due }) => [until, due])).toEqual([
      ["2026-11-14", 4],
      ["2026-10-31", 2],
    ]);
    expect(pastWeeks("2026-11-22", rows)[1]).toMatchObject({ reconstructed: true, moved });
    expect(pastWeeks("2026-11-22", [...rows].reverse())[0]?.due).toBe(4);
    expect(pastWeeks("2026-11-22", [{ ...row("2026-11-15", 4), moved: null }])).toEqual([]);
  });
});

describe("the weeks ahead", () => {
  it("have days, expected figures and ranges, and a total", () => {
    const customers = { mean: 40, variance: 0 };
    const spend = { mean: 2000, variance: 0 };
    const { weeks, total } = calendarWeeks(
      [
        { from: "2026-11-22", customers, spend },
        { from: "2026-11-29", customers, spend },
      ],
      { low: 1, high: 1 },
    );
    expect(weeks[1]).toEqual({
      from: "2026-11-29",
      to: "2026-12-05",
      customers: { expected: 40, low: 30, high: 50 },
      spendMinor: { expected: 2000, low: 1500, high: 2500 },
    });
    expect(total.customers.expected).toBe(80);
    expect(total.customers.high).toBeCloseTo(80 * (1 + 0.25 / Math.SQRT2));
  });
});

it("moves rest on reconstructed weeks while the first scoring lies within their days", () => {
  expect(restsOnWeeks("2026-11-22", { first: "2026-11-22", days: 7 })).toBe(true);
  expect(restsOnWeeks("2026-11-22", { first: "2026-11-16", days: 7 })).toBe(true);
  expect(restsOnWeeks("2026-11-22", { first: "2026-11-15", days: 7 })).toBe(false);
});
