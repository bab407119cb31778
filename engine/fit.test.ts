import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { cdnow, giftware } from "../tests/stores/read.ts";
import { dayOf, toPurchases } from "../tests/stores/rows.ts";
import { summaryOf } from "../tests/stores/summaries.ts";
import { type FitResult, fitStore, type StoreFit } from "./fit.ts";
import { type Purchases, summarize, type Summary } from "./histories/summary.ts";
import { traced } from "./histories/traces.ts";
import { scoreStore } from "./score.ts";
import { simulateStore } from "./simulate.ts";
import { tiers } from "./tiers.ts";

function fitted(
  purchases: Purchases,
  asOfDay: number,
  rehearse = false,
): { summary: Summary; fit: StoreFit } {
  const plain = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, evenIfRefused: true, rehearse };
  const result = fitStore(plain, purchases, options);
  if (result.kind === "refused") throw new Error("fitted even if refused");
  return { summary: traced(purchases, plain, result.fit), fit: result.fit };
}

/** A list, shuffled with a fixed seed. */
function shuffled<T>(list: T[]): T[] {
  let state = 12345;
  return [...list]
    .map((value) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return { value, key: state };
    })
    .sort((left, right) => left.key - right.key)
    .map(({ value }) => value);
}

const giftDay = dayOf("2010-12-10");
let gift: Purchases;
beforeAll(() => {
  gift = giftware();
});

describe("the gift shop", { timeout: 180_000 }, () => {
  it("is fitted, with its own rules, horizon and typical figures", () => {
    const summary = summarize(gift, giftDay);
    const result = fitStore(summary, gift, { asOfDay: giftDay, fullHistory: true });
    expect(result.kind).toBe("fitted");
    if (result.kind === "refused") return;
    expect(result.rules.every((rule) => rule.passed)).toBe(true);
    expect(result.fit.horizonDays).toBe(90);
    expect(result.fit.baseRate).toBeGreaterThan(0.4);
    expect(result.fit.observedRate).toBeGreaterThan(0.5);
    expect(result.fit.typical.intervalDays).toBe(28);
  });

  it("has value tiers that hold 50 and 40 % of the value", () => {
    const { summary, fit } = fitted(gift, giftDay);
    const scores = scoreStore(summary, fit);
    const held = [0, 0, 0, 0];
    scores.clvTier.forEach((tier, row) => (held[tier] += scores.expectedSpend[row]));
    const classified = held[0] + held[1] + held[2];
    expect(held[0] / classified).toBeCloseTo(0.5, 2);
    expect(held[1] / classified).toBeCloseTo(0.4, 2);
  });

  it("has exactly the young customers with one purchase day in `new`, on both axes", () => {
    const { summary, fit } = fitted(gift, giftDay);
    const scores = scoreStore(summary, fit);
    for (let row = 0; row < summary.customers; row++) {
      const fresh = summary.frequency[row] === 0 && summary.ageDays[row] < fit.newMaxAgeDays;
      expect(tiers[scores.clvTier[row]] === "new").toBe(fresh);
      expect(tiers[scores.buyTier[row]] === "new").toBe(fresh);
    }
  });

  it("gets bit-identical scores from a fit that was stored as JSON", () => {
    for (const rehearse of [false, true]) {
      const { summary, fit } = fitted(gift, giftDay, rehearse);
      const kept = JSON.parse(JSON.stringify(fit)) as StoreFit;
      expect(kept).toEqual(fit);
      expect(scoreStore(summary, kept)).toEqual(scoreStore(summary, fit));
    }
  });
});

describe("what the likelihood depends on", { timeout: 180_000 }, () => {
  it("random amounts leave every probability bit-identical", () => {
    const amount = gift.amount.map((_, i) => 1 + ((i * 7919) % 1000));
    for (const rehearse of [false, true]) {
      const plain = fitted(gift, giftDay, rehearse);
      const changed = fitted({ ...gift, amount }, giftDay, rehearse);
      const before = scoreStore(plain.summary, plain.fit);
      const after = scoreStore(changed.summary, changed.fit);
      expect(after.buyProbability).toEqual(before.buyProbability);
      expect(after.buyTier).toEqual(before.buyTier);
      expect(after.expectedSpend).not.toEqual(before.expectedSpend);
    }
  });

  it("equal days since the last order and different gaps give different tiers", () => {
    const { fit } = fitted(cdnow(), dayOf("1998-07-01"));
    const rows: [number, number, number, number][] = [
      [60, 344, 400, 30], // every six days, silent for eight weeks
      [4, 344, 400, 30], // every three months, silent for eight weeks
      [4, 320, 400, 30], // every three months, silent for longer still
    ];
    const scores = scoreStore(summaryOf(rows), fit);
    expect([...scores.buyTier].map((tier) => tiers[tier])).toEqual(["low", "high", "high"]);
  });
});

it("orders in any order and customers under any number give the same fit and scores", () => {
  const { purchases } = simulateStore({ seed: 5, customers: 400, startDay: 0, endDay: 500 });
  const name = (customer: number) => `c${(customer * 7) % 400}`;
  const orders = [...purchases.day.keys()].map((i) => ({
    customer: String(purchases.customer[i]).padStart(3, "0"),
    day: purchases.day[i],
    amount: purchases.amount[i],
  }));
  const renamed = orders.map((order) => ({ ...order, customer: name(Number(order.customer)) }));
  for (const rehearse of [false, true]) {
    const plain = fitted(toPurchases(orders), 500, rehearse);
    const mixed = fitted(toPurchases(shuffled(orders)), 500, rehearse);
    expect(mixed).toEqual(plain);
    expect(scoreStore(mixed.summary, mixed.fit)).toEqual(scoreStore(plain.summary, plain.fit));
    expect(fitted(toPurchases(shuffled(renamed)), 500, rehearse).fit).toEqual(plain.fit);
  }
});

describe("the gate", () => {
  const young = simulateStore({ seed: 1, customers: 60, startDay: 0, endDay: 70 }).purchases;

  it("refuses a store with too little data, and returns every rule and the horizon", () => {
    const result = fitStore(summarize(young, 70), young, { asOfDay: 70, fullHistory: false });
    expect(result.kind).toBe("refused");
    const failed = result.rules.filter((rule) => !rule.passed).map((rule) => rule.code);
    expect(failed).toEqual(["customers", "repeat-customers", "history", "full-history"]);
  });

  it("can be overruled, and still returns which rules were not met", () => {
    const options = { asOfDay: 70, fullHistory: false, evenIfRefused: true };
    const result: FitResult = fitStore(summarize(young, 70), young, options);
    expect(result.kind).toBe("fitted");
    expect(result.rules.some((rule) => !rule.passed)).toBe(true);
  });
});

it("the engine neither throws nor returns NaN, whatever the data", { timeout: 180_000 }, () => {
  const anyOrder = fc.record({
    customer: fc.nat(12).map(String),
    day: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: -20_000, max: 60_000 })),
    amount: fc.oneof(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.constantFrom(0, -1, 1, 1e-9, 1e12),
    ),
  });
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 40 }), fc.nat(1000), (orders, asOfDay) => {
      const { summary, fit } = fitted(toPurchases(orders), asOfDay, orders.length % 2 === 0);
      const scores = scoreStore(summary, fit);
      for (const values of Object.values(scores)) expect(values.every(Number.isFinite)).toBe(true);
      expect(scores.buyProbability.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(scores.expectedSpend.every((spend) => spend >= 0)).toBe(true);
      for (let row = 0; row < summary.customers; row++) {
        const orderless = scores.nextOrderFromDay[row] === -1;
        expect(scores.nextOrderToDay[row] === -1).toBe(orderless);
        if (!orderless) {
          expect(scores.nextOrderFromDay[row]).toBeGreaterThanOrEqual(asOfDay);
          expect(scores.nextOrderToDay[row]).toBeGreaterThan(scores.nextOrderFromDay[row]);
        }
      }
      expect(JSON.parse(JSON.stringify(fit))).toEqual(fit);
    }),
    {
      numRuns: 100,
      // An amount whose square underflows.
      examples: [
        [
          [
            { customer: "0", day: 0, amount: 0 },
            { customer: "0", day: 51, amount: 5e-324 },
            { customer: "0", day: -131, amount: 0 },
          ],
          409,
        ],
      ],
    },
  );
});
