import { describe, expect, it } from "vitest";

import { ABSENT, noCurrentTiers } from "#app/scoring/evaluation/current-tiers.ts";
import type { Scores, Summary } from "#engine";

import { type Foretold, outlookOf, rangeOf } from "./outlook.ts";

const [HIGH, MODERATE, LOW, NEW] = [0, 1, 2, 3];
const DAY = 20_779;

type Customer = {
  window?: [number, number];
  buy?: number;
  value?: number;
  orders?: number;
  tier?: number;
  from?: number;
  since?: number;
};

/** As of 2026-11-22, with a horizon of 90 days. */
function foretold(customers: Customer[]): Foretold {
  const of = (value: (customer: Customer) => number) => Float64Array.from(customers, value);
  const days = (at: 0 | 1) =>
    Int32Array.from(customers, ({ window }) => (window ? DAY + window[at] : -1));
  const scores: Scores = {
    buyProbability: of(({ buy = 0.5 }) => buy),
    expectedOrders: of(({ orders = 1 }) => orders),
    expectedSpend: of(({ value = 1000 }) => value),
    nextOrderFromDay: days(0),
    nextOrderToDay: days(1),
    clvTier: new Uint8Array(customers.length),
    buyTier: new Uint8Array(customers.length),
  };
  const currentTiers = noCurrentTiers(customers.length);
  for (const [at, { tier = MODERATE, from = ABSENT, since = DAY }] of customers.entries()) {
    for (const axis of ["clv", "buy"] as const) {
      currentTiers.tier[axis][at] = tier;
      currentTiers.from[axis][at] = axis === "buy" ? from : ABSENT;
      currentTiers.sinceDay[axis][at] = since;
    }
  }
  const summary = {
    customers: customers.length,
    index: Int32Array.from(customers.keys()),
  } as Summary;
  return { asOfDay: DAY, horizonDays: 90, summary, scores, currentTiers, shown: currentTiers };
}

describe("the weeks ahead", () => {
  it("are twelve, from the as-of day on", () => {
    const { weeks } = outlookOf(foretold([]));
    expect(weeks).toHaveLength(12);
    expect([weeks[0]?.from, weeks[11]?.from]).toEqual(["2026-11-22", "2027-02-07"]);
    expect(weeks[3]?.customers).toEqual({ mean: 0, variance: 0 });
  });

  it("have each customer in every week by the chance that the next order comes then", () => {
    // A share of 0.5 within 90 days, so that an order within a year is certain.
    const customer = { window: [14, 166] as [number, number], buy: 0.5, orders: 2, value: 3000 };
    const { weeks } = outlookOf(foretold([customer]));
    expect(weeks[0]?.customers.mean).toBeCloseTo(0.125);
    expect(weeks[1]?.customers.mean).toBeCloseTo(0.125);
    expect(weeks[2]?.customers.mean).toBeCloseTo((0.5 * 7) / 152);
    expect(weeks[0]?.customers.variance).toBeCloseTo(0.125 * 0.875);
    expect(weeks[0]?.spend.mean).toBeCloseTo(0.125 * 1500);
    expect(weeks[0]?.spend.variance).toBeCloseTo(0.125 * 1.875 * 1500 ** 2);
    const twice = outlookOf(foretold([customer, customer])).weeks;
    expect(twice[2]?.spend.mean).toBeCloseTo(2 * (weeks[2]?.spend.mean ?? 0));
  });

  it("leave out first-time customers, and who is not expected within a year", () => {
    const { weeks, due } = outlookOf(foretold([{ window: [0, 9], tier: NEW }, {}]));
    expect(weeks[0]?.customers.mean).toBe(0);
    expect(due).toBe(0);
  });

  it("have as due in the first week those whose window begins in it", () => {
    const { due } = outlookOf(
      foretold([{ window: [0, 9] }, { window: [6, 9] }, { window: [7, 9] }]),
    );
    expect(due).toBe(2);
  });

  it("expect nothing of the spend of a customer without expected orders", () => {
    const { weeks } = outlookOf(foretold([{ window: [0, 9], orders: 0, value: 0 }]));
    expect(weeks[0]?.spend.mean).toBe(0);
  });
});

describe("the moves of a week", () => {
  it("are up and down, on each axis, without those who left new", () => {
    const moved = [
      { from: HIGH, tier: LOW },
      { from: HIGH, tier: MODERATE, since: DAY - 6 },
      { from: HIGH, tier: MODERATE, since: DAY - 7 },
      { from: LOW, tier: MODERATE },
      { from: NEW, tier: LOW },
      { tier: LOW },
    ];
    expect(outlookOf(foretold(moved)).moved).toEqual({
      clv: { up: 0, down: 0 },
      buy: { up: 1, down: 2 },
    });
  });

  it("are not known in the first scoring of all", () => {
    const shown = noCurrentTiers(1);
    expect(outlookOf({ ...foretold([{ tier: LOW }]), shown }).moved).toBeNull();
  });
});

describe("the range of a week", () => {
  it("widens with chance, with the weeks' own ways, and with what the total may be off", () => {
    const certain = { mean: 100, variance: 0 };
    expect(rangeOf(certain, { weeks: 1, off: null })).toEqual({ low: 75, high: 125 });
    const total = rangeOf(certain, { weeks: 4, off: null });
    expect(total.high).toBeCloseTo(112.5);
    const chance = rangeOf({ mean: 100, variance: 900 }, { weeks: 1, off: null });
    expect(chance.high).toBeCloseTo(100 * (1 + Math.hypot(0.38448, 0.25)));
    const off = rangeOf(certain, { weeks: 1, off: { low: 0.4, high: 1.1 } });
    expect(off.low).toBeCloseTo(35);
    expect(off.high).toBeCloseTo(126.926, 2);
  });

  it("does not go below nothing", () => {
    const few = rangeOf({ mean: 0.5, variance: 0.5 }, { weeks: 1, off: null });
    expect(few.low).toBe(0);
    expect(rangeOf({ mean: 0, variance: 0 }, { weeks: 1, off: null })).toEqual({ low: 0, high: 0 });
  });
});
