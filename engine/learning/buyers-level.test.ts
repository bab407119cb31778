import { describe, expect, it } from "vitest";

import { levelOf, RAMP_DAYS, steadyBuyers } from "./buyers-level.ts";

const many = (ratio: number) => ({ buyers: 1e6 * ratio, expected: 1e6 });
const old = { recent: null, yearAgo: null, ageThen: 400 };

describe("the level is changed by the errors of the store's past windows", () => {
  it("with the weight of each horizon, and not at all for a year", () => {
    const recent = many(Math.exp(0.2));
    const moved = (days: number) => levelOf({ ...old, recent }, days);
    expect(moved(30)).toBeCloseTo(0.45 * 0.2, 3);
    expect(moved(90)).toBeCloseTo(0.3 * 0.2, 3);
    expect(moved(180)).toBeCloseTo(0.2 * 0.2, 3);
    expect(moved(365)).toBe(0);
    expect(moved(60)).toBeGreaterThan(moved(90));
    expect(levelOf({ ...old, yearAgo: many(Math.exp(-0.2)) }, 90)).toBeCloseTo(-0.1, 3);
  });

  it("less where few bought, and only up to a limit", () => {
    const few = { buyers: 30, expected: 30 * Math.exp(-0.2) };
    expect(levelOf({ ...old, recent: few }, 30)).toBeLessThan(0.6 * 0.45 * 0.2);
    expect(levelOf({ ...old, recent: many(20), yearAgo: many(20) }, 30)).toBe(0.7);
    expect(levelOf({ recent: null, yearAgo: null, ageThen: -300 }, 30)).toBe(0);
  });

  it("not before a year has been seen, then gradually", () => {
    const young = (ratio: number, ageThen: number) =>
      levelOf({ recent: many(ratio), yearAgo: null, ageThen }, 30);
    expect(young(Math.exp(0.2), -100)).toBe(0);
    expect(young(Math.exp(-0.2), -100)).toBe(0);
    expect(young(Math.exp(-0.2), 90)).toBeCloseTo(-0.5 * 0.45 * 0.2, 3);
    for (let age = -10; age < 200; age++) {
      expect(Math.abs(young(1.5, age + 1) - young(1.5, age))).toBeLessThan(0.002);
    }
  });
});

describe("buyers of the last 30 days, each day coming in by an eighth a night", () => {
  it("are those of as many days less half the ramp where every day is alike", () => {
    expect(steadyBuyers(new Float64Array(30).fill(5))).toBeCloseTo(5 * (30 - RAMP_DAYS / 2), 9);
  });

  it("hardly know of a sale on its first night, and know all of it after eight", () => {
    const sale = new Float64Array(30);
    const seen = [29, 28, 25, 22, 21].map((day) =>
      steadyBuyers(sale.map((_, i) => (i === day ? 80 : 0))),
    );
    expect(seen.map(Math.round)).toEqual([5, 15, 45, 75, 80]);
  });
});
