import { describe, expect, it } from "vitest";

import type { DraftOrder } from "./demo-shop.ts";
import { createMatcher } from "./reversals.ts";

const dayMs = 86_400_000;
const placed = (day: number, amountMinor: number, customer: string | null = "a"): DraftOrder => ({
  customer,
  wallMs: day * dayMs,
  amountMinor,
  refunds: [],
  cancelled: false,
});
const back = (day: number, amountMinor: number, customer = "a") => ({
  customer,
  wallMs: day * dayMs,
  amountMinor,
});

function matcherOf(...orders: DraftOrder[]) {
  const matcher = createMatcher();
  orders.forEach((order) => {
    matcher.add(order);
  });
  return matcher;
}

describe("matching refunds to orders", () => {
  it("prefers the order with exactly that amount to a more recent larger one", () => {
    const exact = placed(1, 500);
    const larger = placed(5, 900);
    expect(matcherOf(exact, larger).reverse(back(9, 500))).toBe(exact);
    expect(larger.refunds).toEqual([]);
  });

  it("takes the most recent order with enough left", () => {
    const older = placed(1, 900);
    const newer = placed(5, 800);
    const small = placed(6, 10);
    expect(matcherOf(older, newer, small).reverse(back(9, 300))).toBe(newer);
    expect(newer.refunds).toEqual([{ wallMs: 9 * dayMs, amountMinor: 300 }]);
  });

  it("never refunds more than an order has left", () => {
    const order = placed(1, 500);
    const matcher = matcherOf(order);
    expect(matcher.reverse(back(2, 400))).toBe(order);
    expect(matcher.reverse(back(3, 200))).toBeNull();
    expect(matcher.reverse(back(4, 100))).toBe(order);
    expect(matcher.reverse(back(5, 1))).toBeNull();
    expect(order.cancelled).toBe(false);
  });

  it("does not touch the orders of others and of guests", () => {
    const matcher = matcherOf(placed(1, 500, "b"), placed(1, 500, null));
    expect(matcher.reverse(back(2, 500))).toBeNull();
  });

  it("treats a full refund within two days as a cancellation, later as a refund", () => {
    const early = placed(1, 500);
    const late = placed(1, 700);
    const matcher = matcherOf(early, late);
    matcher.reverse(back(2, 500));
    matcher.reverse(back(4, 700));
    expect([early.cancelled, late.cancelled]).toEqual([true, false]);
  });
});
