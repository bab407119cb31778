import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyBetaGeometric, anyHistory } from "../../tests/stores/summaries.ts";
import { buyProbability } from "./beta-geometric.ts";
import { nextOrder } from "./next-order.ts";

describe("the window of the next order", () => {
  it("is the shortest that holds the middle half of the waits that end within a year", () => {
    fc.assert(
      fc.property(anyBetaGeometric, anyHistory, (free, history) => {
        const model = { ...free, atFirst: 1 as const };
        const buy = (days: number) => buyProbability(model, history, days);
        const window = nextOrder(buy);
        const year = buy(365);
        expect(window === null).toBe(year < 0.5);
        if (!window) return;
        expect(buy(window.from)).toBeLessThanOrEqual(0.25 * year);
        expect(buy(window.from + 1)).toBeGreaterThan(0.25 * year);
        expect(buy(window.to)).toBeGreaterThan(0.75 * year);
        expect(window.from).toBeGreaterThanOrEqual(0);
        expect(window.to).toBeGreaterThan(window.from);
        expect(window.to).toBeLessThanOrEqual(365);
        if (window.to > window.from + 1) {
          expect(buy(window.to - 1)).toBeLessThanOrEqual(0.75 * year);
        }
      }),
    );
  });

  it("comes sooner for a customer with a faster rhythm", () => {
    const model = { r: 0.9, alpha: 70, a: 0.1, b: 10, atFirst: 1 as const };
    const window = (frequency: number) =>
      nextOrder((days) => buyProbability(model, { frequency, recency: 300, age: 305 }, days));
    const fast = window(20);
    const slow = window(4);
    expect(fast?.from ?? 0).toBeLessThan((slow?.from ?? 0) / 2);
    expect(fast?.to ?? 0).toBeLessThan((slow?.to ?? 0) / 2);
  });
});
