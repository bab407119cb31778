import { describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { scoreStore, summarize, traced } from "#engine";
import { fit } from "#tests/setup/fit.ts";

import { timelineOf, type TimelineSources } from "./customer-timeline.ts";

const today = "2026-11-21";
const now = dayNumber(today);

/** Purchases of one customer so many days ago, of 1,000 minor units each. */
function purchases(...daysAgo: number[]): TimelineSources["purchases"] {
  const { length } = daysAgo;
  return {
    customer: new Int32Array(length),
    day: Int32Array.from(daysAgo, (days) => now - days),
    amount: new Float64Array(length).fill(1_000),
    customers: 1,
  };
}

const timeline = (changes: Partial<TimelineSources>) =>
  timelineOf({
    purchases: purchases(200, 60),
    likelihood: [],
    expected: null,
    fit,
    fresh: false,
    inRhythm: false,
    today,
    ...changes,
  });

describe("the timeline of a customer", () => {
  it("goes from the first purchase to the end of what is expected", () => {
    const expected = { from: "2026-12-01", to: "2027-01-15" };
    expect(timeline({ expected })).toMatchObject({
      from: isoDay(now - 203),
      to: "2027-01-18",
      by: "day",
      earlier: 0,
      expected,
      purchases: [
        { day: isoDay(now - 200), amountMinor: 1_000, purchaseDays: 1 },
        { day: isoDay(now - 60), amountMinor: 1_000, purchaseDays: 1 },
      ],
    });
  });

  it("is nothing without a purchase", () => {
    expect(timeline({ purchases: purchases() })).toBeNull();
  });

  it("goes back two years, and counts the purchase days before", () => {
    const old = timeline({ purchases: purchases(1_500, 900, 400, 20) });
    expect(old?.purchases).toHaveLength(2);
    expect(old).toMatchObject({ earlier: 2, from: isoDay(now - 733) });
    const gone = timeline({ purchases: purchases(1_500, 900) });
    expect(gone).toMatchObject({ earlier: 1, from: isoDay(now - 903) });
  });

  it("sums by month where there are too many purchase days to tell apart", () => {
    const daily = Array.from({ length: 400 }, (_, day) => 400 - day);
    const many = timeline({ purchases: purchases(...daily) })!;
    expect(many.by).toBe("month");
    expect(many.purchases.length).toBeLessThanOrEqual(15);
    const sum = (of: "purchaseDays" | "amountMinor") =>
      many.purchases.reduce((total, month) => total + month[of], 0);
    expect([sum("purchaseDays"), sum("amountMinor")]).toEqual([400, 400_000]);
    const months = many.purchases.map(({ day }) => day.slice(0, 7));
    expect(months).toEqual([...new Set(months)].sort());
  });

  it("leaves out likelihoods of before it begins", () => {
    const point = (on: string) => ({ on, probability: 0.5, reconstructed: true });
    const kept = timeline({
      purchases: purchases(1_500, 400),
      likelihood: [point(isoDay(now - 731)), point(isoDay(now - 730))],
    });
    expect(kept?.likelihood).toEqual([point(isoDay(now - 730))]);
  });

  it("says what was expected after the last order, once that has passed", () => {
    const regular = purchases(700, 670, 640, 610, 580, 550, 520, 490);
    const last = now - 490;
    const summary = traced(regular, summarize(regular, last + 1), fit);
    const then = scoreStore(summary, { ...fit, asOfDay: last + 1 });
    const passed = {
      from: isoDay(then.nextOrderFromDay[0]!),
      to: isoDay(then.nextOrderToDay[0]!),
    };
    expect(passed.to < today).toBe(true);
    expect(timeline({ purchases: regular })?.passed).toEqual(passed);
    expect(timeline({ purchases: regular, fresh: true })?.passed).toBeNull();
    expect(timeline({ purchases: regular, inRhythm: true })?.passed).toBeNull();
    expect(timeline({ purchases: purchases(60, 40, 20, 1) })?.passed).toBeNull();
  });

  it("does not expect an order in the past", () => {
    const expected = { from: "2026-10-01", to: "2026-11-20" };
    expect(timeline({ expected })).toMatchObject({ expected: null, passed: expected });
    const still = { from: "2026-10-01", to: today };
    expect(timeline({ expected: still })).toMatchObject({ expected: still });
  });
});
