import { describe, expect, it } from "vitest";

import { exportedOrder as order } from "#tests/setup/exported-order.ts";

import { leftOutReason, normaliseOrder } from "./normalise.ts";
import { shopCalendar } from "./shop-day.ts";

const units = { dayOf: shopCalendar("America/New_York"), digits: 2 };

describe("an order as it is stored", () => {
  it("keeps ids as text, money in minor units and the day of the shop", () => {
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
      leftOut: null,
    });
  });

  it("has no customer when a guest bought", () => {
    expect(normaliseOrder({ ...order, customer: null }, units).customerId).toBeNull();
  });

  it("refuses a time and an id that are none", () => {
    expect(() => normaliseOrder({ ...order, processedAt: "soon" }, units)).toThrow("is not a time");
    expect(() => normaliseOrder({ ...order, id: "12" }, units)).toThrow("not the gid of a Order");
  });
});

describe("the rule for leaving orders out", () => {
  const judged = { test: false, isCancelled: false, financialStatus: "PAID", amountMinor: 100 };

  it("leaves out tests, cancelled, voided, expired and worthless orders", () => {
    expect(leftOutReason({ ...judged, test: true })).toBe("test");
    expect(leftOutReason({ ...judged, isCancelled: true })).toBe("cancelled");
    expect(leftOutReason({ ...judged, financialStatus: "VOIDED" })).toBe("voided");
    expect(leftOutReason({ ...judged, financialStatus: "EXPIRED" })).toBe("voided");
    expect(leftOutReason({ ...judged, amountMinor: 0 })).toBe("zero");
  });

  it("keeps what was bought but is not paid yet, and what was refunded in part", () => {
    for (const status of ["PENDING", "AUTHORIZED", "PARTIALLY_REFUNDED", null]) {
      expect(leftOutReason({ ...judged, financialStatus: status })).toBeNull();
    }
  });

  it("leaves out an order refunded in full, of which nothing is left", () => {
    expect(leftOutReason({ ...judged, financialStatus: "REFUNDED", amountMinor: 0 })).toBe("zero");
  });
});
