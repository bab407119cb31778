import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBetaGeometric, anyHistory } from "#tests/stores/summaries.ts";
import { buyProbability } from "./beta-geometric.ts";
import { nextOrder } from "./next-order.ts";

describe("the window of the next order", () => {
  test("is the middle half of the waits that end within a year", () => {
    fc.assert(
      fc.property(anyBetaGeometric, anyHistory, (free, history) => {
        const model = { ...free, atFirst: 1 as const };
        const window = nextOrder(model, history);
        const year = buyProbability(model, history, 365);
        expect(window === null).toBe(year < 0.5);
        if (!window) return;
        expect(buyProbability(model, history, window.from)).toBeCloseTo(0.25 * year, 9);
        expect(buyProbability(model, history, window.to)).toBeCloseTo(0.75 * year, 9);
        expect(window.to).toBeLessThan(365);
      }),
    );
  });

  test("comes sooner for a customer with a faster rhythm", () => {
    const model = { r: 0.9, alpha: 70, a: 0.1, b: 10, atFirst: 1 as const };
    const fast = nextOrder(model, { frequency: 20, recency: 300, age: 305 });
    const slow = nextOrder(model, { frequency: 4, recency: 300, age: 305 });
    expect(fast?.from ?? 0).toBeLessThan((slow?.from ?? 0) / 2);
    expect(fast?.to ?? 0).toBeLessThan((slow?.to ?? 0) / 2);
  });
});
