import { describe, expect, it } from "vitest";

import type { Scores, Summary } from "#engine";

import {
  ABSENT,
  type CurrentTiers,
  directionOf,
  movedFrom,
  noCurrentTiers,
  tierChanges,
  tiersAfter,
} from "./current-tiers.ts";

const thresholds = { buyHigh: 0.5, buyLow: 0.2, clvHigh: 100, clvModerate: 20 };
const [HIGH, MODERATE, LOW, NEW] = [0, 1, 2, 3];

type Customer = { x?: number; mean?: number; buy: number; clv: number; tier: [number, number] };

/** A run of a few customers; `tier` has the plain tiers, of value and likelihood. */
function run(asOfDay: number, customers: Customer[], before: CurrentTiers): CurrentTiers {
  const count = customers.length;
  const summary: Summary = {
    customers: count,
    index: Int32Array.from(customers.keys()),
    frequency: Int32Array.from(customers, ({ x }) => x ?? 1),
    recencyDays: new Int32Array(count),
    ageDays: new Int32Array(count),
    meanSpend: Float64Array.from(customers, ({ mean }) => mean ?? 1000),
  };
  const scores: Scores = {
    buyProbability: Float64Array.from(customers, ({ buy }) => buy),
    expectedOrders: new Float64Array(count),
    expectedSpend: Float64Array.from(customers, ({ clv }) => clv),
    nextOrderFromDay: new Int32Array(count),
    nextOrderToDay: new Int32Array(count),
    clvTier: Uint8Array.from(customers, ({ tier }) => tier[0]),
    buyTier: Uint8Array.from(customers, ({ tier }) => tier[1]),
  };
  return tiersAfter({ asOfDay, summary, scores, thresholds }, before);
}

const likely: Customer = { buy: 0.6, clv: 150, tier: [HIGH, HIGH] };
const first = run(100, [likely], noCurrentTiers(1));

describe("current tiers", () => {
  it("are the plain tiers when there were none before", () => {
    expect([first.tier.clv[0], first.tier.buy[0], first.sinceDay.buy[0]]).toEqual([
      HIGH,
      HIGH,
      100,
    ]);
    expect([...tierChanges(noCurrentTiers(1), first)]).toEqual([]);
  });

  it("do not change, nor their day, for figures just past a threshold", () => {
    const later = run(150, [{ buy: 0.48, clv: 95, tier: [MODERATE, MODERATE] }], first);
    expect([later.tier.clv[0], later.tier.buy[0], later.sinceDay.clv[0]]).toEqual([
      HIGH,
      HIGH,
      100,
    ]);
  });

  it("change, with day and reason, for figures well past a threshold", () => {
    const later = run(150, [{ buy: 0.1, clv: 95, tier: [MODERATE, LOW] }], first);
    expect(later.sinceDay.buy[0]).toBe(150);
    expect([...tierChanges(first, later)]).toEqual([
      { customer: 0, axis: "buy", from: HIGH, to: LOW, why: "time" },
    ]);
  });

  it("rise at once after an order, also a second one on the same day", () => {
    const low = run(100, [{ buy: 0.1, clv: 5, tier: [LOW, LOW] }], noCurrentTiers(1));
    const bought = run(101, [{ ...likely, x: 2 }], low);
    expect([...tierChanges(low, bought)]).toEqual([
      { customer: 0, axis: "clv", from: LOW, to: HIGH, why: "order" },
      { customer: 0, axis: "buy", from: LOW, to: HIGH, why: "order" },
    ]);
    expect(run(100, [{ ...likely, mean: 1500 }], low).tier.buy[0]).toBe(HIGH);
    expect(run(101, [likely], low).tier.buy[0]).toBe(LOW);
  });

  it("change with the reasons refund, and grown for a customer who is no longer new", () => {
    const fresh = run(100, [{ x: 0, buy: 0.6, clv: 150, tier: [NEW, NEW] }], noCurrentTiers(1));
    const grown = run(140, [{ x: 0, buy: 0.1, clv: 150, tier: [HIGH, LOW] }], fresh);
    expect([...tierChanges(fresh, grown)].map(({ why }) => why)).toEqual(["grown", "grown"]);
    const refunded = run(140, [{ buy: 0.6, clv: 5, mean: 100, tier: [LOW, HIGH] }], first);
    expect([...tierChanges(first, refunded)].map(({ why }) => why)).toEqual(["refund"]);
  });

  it("change with the reason store when a customer rises without an order", () => {
    const low = run(100, [{ buy: 0.1, clv: 5, tier: [LOW, LOW] }], noCurrentTiers(1));
    const risen = run(150, [{ buy: 0.6, clv: 5, tier: [LOW, HIGH] }], low);
    expect([...tierChanges(low, risen)].map(({ why }) => why)).toEqual(["store"]);
  });

  it("do not change when the same run is repeated", () => {
    const later = run(150, [{ buy: 0.1, clv: 95, tier: [MODERATE, LOW] }], first);
    expect(run(150, [{ buy: 0.1, clv: 95, tier: [MODERATE, LOW] }], later)).toEqual(later);
  });

  it("remember the tier before the last move, for so many days", () => {
    expect(first.from.buy[0]).toBe(ABSENT);
    const low: Customer = { buy: 0.1, clv: 150, tier: [HIGH, LOW] };
    const fallen = run(150, [low], first);
    expect([fallen.from.clv[0], fallen.from.buy[0]]).toEqual([ABSENT, HIGH]);
    const later = run(160, [low], fallen);
    const from = (days: number) => movedFrom(later, "buy", { customer: 0, asOfDay: 160, days });
    expect([from(10), from(11)]).toEqual([ABSENT, HIGH]);
  });

  it("rise and fall among high, moderate and low alone", () => {
    expect(directionOf(HIGH, LOW)).toBe("fell");
    expect(directionOf(LOW, MODERATE)).toBe("rose");
    expect([directionOf(NEW, HIGH), directionOf(HIGH, NEW)]).toEqual(["grown", "grown"]);
  });

  it("are absent for customers who are not in the run", () => {
    const two = run(100, [likely], noCurrentTiers(2));
    expect(two.tier.buy[1]).toBe(ABSENT);
    expect([...tierChanges(two, run(120, [likely, likely], two))]).toEqual([]);
  });

  it("change by the settings where these changed in between, whatever else did", () => {
    const fallen: Customer = { buy: 0.01, clv: 1, tier: [LOW, LOW], x: 2 };
    const changes = [...tierChanges(first, run(101, [fallen], noCurrentTiers(1)), true)];
    expect(changes.map(({ why }) => why)).toEqual(["settings", "settings"]);
  });
});
