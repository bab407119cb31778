import { describe, expect, it } from "vitest";

import { cdnow, giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { fitStore } from "./fit.ts";
import { outcomesOf } from "./histories/outcomes.ts";
import { type Purchases, summarize } from "./histories/summary.ts";
import { traced } from "./histories/traces.ts";
import { scoreStore } from "./score.ts";
import { simulateStore } from "./simulate.ts";
import { spendIntervals } from "./spend-interval.ts";

/** Share of customers whose spend in 90 days after a cut-off lay within, and above, the interval. */
function coverage(purchases: Purchases, asOfDay: number) {
  const plain = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, horizonDays: 90, rehearse: true } as const;
  const result = fitStore(plain, purchases, { ...options, evenIfRefused: true });
  if (result.kind === "refused") throw new Error("fitted even if refused");
  const summary = traced(purchases, plain, result.fit);
  const scores = scoreStore(summary, result.fit);
  const { low, high } = spendIntervals(summary, result.fit, scores);
  const { spend } = outcomesOf(purchases, summary, [asOfDay, asOfDay + 90]);
  let inside = 0;
  let above = 0;
  spend.forEach((amount, row) => {
    if (amount > high[row]) above++;
    else if (amount >= low[row]) inside++;
    expect(low[row]).toBeGreaterThanOrEqual(0);
    expect(high[row]).toBeGreaterThanOrEqual(low[row]);
  });
  return { inside: inside / spend.length, above: above / spend.length };
}

/**
 * Many customers spend nothing, and all of these lie inside or outside at once: so at least 80 %
 * are inside.
 */
describe(
  "8 of 10 customers spend within their interval, about 1 of 10 more",
  { timeout: 180_000 },
  () => {
    it("in the gift shop", () => {
      const { inside, above } = coverage(giftware(), dayOf("2010-06-01"));
      expect(inside).toBeGreaterThan(0.8);
      expect(Math.abs(above - 0.1)).toBeLessThan(0.04);
    });

    it("in CDNOW", () => {
      const { inside, above } = coverage(cdnow(), dayOf("1998-01-01"));
      expect(inside).toBeGreaterThan(0.8);
      expect(Math.abs(above - 0.1)).toBeLessThan(0.04);
    });

    it("in a simulated store", () => {
      const store = simulateStore({ seed: 3, customers: 4000, startDay: 0, endDay: 900 });
      const { inside, above } = coverage(store.purchases, 500);
      expect(inside).toBeGreaterThan(0.8);
      expect(Math.abs(above - 0.1)).toBeLessThan(0.04);
    });
  },
);
