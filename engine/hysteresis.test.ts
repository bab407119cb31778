import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { currentTier, type Placement } from "./hysteresis.ts";
import { tiers } from "./tiers.ts";

const thresholds = { buyHigh: 0.5, buyLow: 0.2, clvHigh: 100, clvModerate: 20 };
const [HIGH, MODERATE, LOW, NEW] = [0, 1, 2, 3];

function place(value: number, more: Partial<Placement> = {}): Placement {
  return { axis: "buy", value, isNew: false, ordered: false, day: 100, ...more };
}

describe("a customer's tier", () => {
  it("is the plain one at first and after having been new", () => {
    expect(currentTier(place(0.6), thresholds, null)).toEqual({ tier: HIGH, sinceDay: 100 });
    const fresh = { tier: NEW, sinceDay: 99 };
    expect(currentTier(place(0.1), thresholds, fresh)).toEqual({ tier: LOW, sinceDay: 100 });
  });

  it("is the plain one where the thresholds were chosen anew, and keeps its day if it stays", () => {
    const reset = (value: number) => place(value, { reset: true });
    const high = { tier: HIGH, sinceDay: 99 };
    expect(currentTier(reset(0.49), thresholds, high)).toEqual({ tier: MODERATE, sinceDay: 100 });
    expect(currentTier(reset(0.5), thresholds, high)).toBe(high);
  });

  it("is kept for a value just past its boundary, on either side", () => {
    const high = { tier: HIGH, sinceDay: 0 };
    const moderate = { tier: MODERATE, sinceDay: 0 };
    expect(currentTier(place(0.48), thresholds, high)).toBe(high);
    expect(currentTier(place(0.45), thresholds, high)).toEqual({ tier: MODERATE, sinceDay: 100 });
    expect(currentTier(place(0.52), thresholds, moderate)).toBe(moderate);
    expect(currentTier(place(0.55), thresholds, moderate)).toEqual({ tier: HIGH, sinceDay: 100 });
    const worth = (value: number) => place(value, { axis: "clv" });
    expect(currentTier(worth(95), thresholds, high)).toBe(high);
    expect(currentTier(worth(80), thresholds, high).tier).toBe(MODERATE);
    expect(currentTier(worth(19), thresholds, moderate)).toBe(moderate);
    expect(currentTier(worth(10), thresholds, moderate).tier).toBe(LOW);
  });

  it("is kept for two weeks, whatever the value", () => {
    const recent = { tier: HIGH, sinceDay: 90 };
    expect(currentTier(place(0.05), thresholds, recent)).toBe(recent);
    expect(currentTier(place(0.05, { day: 104 }), thresholds, recent).tier).toBe(LOW);
  });

  it("rises at once after an order, and does not fall for one", () => {
    const recent = { tier: LOW, sinceDay: 99 };
    expect(currentTier(place(0.51, { ordered: true }), thresholds, recent).tier).toBe(HIGH);
    const high = { tier: HIGH, sinceDay: 99 };
    expect(currentTier(place(0.05, { ordered: true }), thresholds, high)).toBe(high);
  });

  it("does not change again for the same value", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(HIGH, MODERATE, LOW),
        (value, tier) => {
          const once = currentTier(place(value), thresholds, { tier, sinceDay: 0 });
          const again = currentTier(place(value, { day: 200 }), thresholds, once);
          expect(again).toBe(once);
          expect(tiers[once.tier]).toBeDefined();
        },
      ),
    );
  });
});
