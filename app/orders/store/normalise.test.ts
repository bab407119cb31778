import { describe, expect, it } from "vitest";

import { shopCalendar } from "#app/lib/calendar.ts";
import { exportedOrder as order } from "#tests/setup/exported-order.ts";

import { normaliseOrder, orderExclusionReason } from "./normalise.ts";
import { UnreadableField } from "./unreadable-orders.ts";

const units = { dayOf: shopCalendar("America/New_York"), digits: 2 };

describe("a normalised order", () => {
  it("has ids as text, money in minor units and the day in the shop's time zone", () => {
    expect(normaliseOrder(order, units)).toEqual({
      orderId: "820982911946154508",
      customerId: "115310627314723954",
      processedAt: "2026-01-05T04:59:59Z",
      updatedAt: "2026-01-06T10:00:00Z",
      day: 20_457,
      amountMinor: 5500,
      financialStatus: "PAID",
      cancelledAt: null,
      test: false,
      channel: "web",
      tags: ["gift"],
      exclusionReason: null,
    });
  });

  it("has no customer for a guest order", () => {
    expect(normaliseOrder({ ...order, customer: null }, units).customerId).toBeNull();
  });

  it.each([
    ["time", "processedAt is not a time", { ...order, processedAt: "soon" }],
    ["time", "updatedAt is not a time", { ...order, updatedAt: "+123456-01-01T00:00:00Z" }],
    ["time", "cancelledAt is not a time", { ...order, cancelledAt: "0000-01-01T00:00:00Z" }],
    ["id", "id is not the gid of a Order", { ...order, id: "12" }],
    ["id", "customer.id is not", { ...order, customer: { id: order.id } }],
    [
      "amount",
      "amount is not a decimal number",
      { ...order, currentTotalPriceSet: { shopMoney: { amount: "12,50" } } },
    ],
    [
      "amount",
      "that can be held exactly",
      { ...order, currentTotalPriceSet: { shopMoney: { amount: "1".repeat(30) } } },
    ],
  ])("refuses a wrong %s: %s", (reason, found, wrong) => {
    const error = thrownBy(() => normaliseOrder(wrong, units));
    if (!(error instanceof UnreadableField)) throw new Error("expected an unreadable field");
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(found);
    for (const value of ["soon", "12,50", "111", "123456", order.id]) {
      expect(error.message).not.toContain(value);
    }
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe("the exclusion reason", () => {
  const judged = { test: false, isCancelled: false, financialStatus: "PAID", amountMinor: 100 };

  it("is given for test, cancelled, voided, expired and worthless orders", () => {
    expect(orderExclusionReason({ ...judged, test: true })).toBe("test");
    expect(orderExclusionReason({ ...judged, isCancelled: true })).toBe("cancelled");
    expect(orderExclusionReason({ ...judged, financialStatus: "VOIDED" })).toBe("voided");
    expect(orderExclusionReason({ ...judged, financialStatus: "EXPIRED" })).toBe("voided");
    expect(orderExclusionReason({ ...judged, amountMinor: 0 })).toBe("zero");
  });

  it("is null for orders that are not paid yet or are partially refunded", () => {
    for (const status of ["PENDING", "AUTHORIZED", "PARTIALLY_REFUNDED", null]) {
      expect(orderExclusionReason({ ...judged, financialStatus: status })).toBeNull();
    }
  });

  it("is zero for a fully refunded order", () => {
    expect(orderExclusionReason({ ...judged, financialStatus: "REFUNDED", amountMinor: 0 })).toBe(
      "zero",
    );
  });
});
