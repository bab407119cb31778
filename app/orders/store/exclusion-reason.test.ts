import { describe, expect, it } from "vitest";

import { orderExclusionReasons } from "./normalise.ts";
import { orderExclusionReason } from "./normalise.ts";

describe("the exclusion reason of an order", () => {
  it("is the first of four that applies", () => {
    expect([...orderExclusionReasons]).toEqual(["test", "cancelled", "voided", "zero"]);
    const all = { test: true, isCancelled: true, financialStatus: "VOIDED", amountMinor: -1 };
    expect(orderExclusionReason(all)).toBe("test");
    expect(orderExclusionReason({ ...all, test: false })).toBe("cancelled");
    expect(orderExclusionReason({ ...all, test: false, isCancelled: false })).toBe("voided");
    const paid = { test: false, isCancelled: false, financialStatus: "PAID" };
    expect(orderExclusionReason({ ...paid, amountMinor: -1 })).toBe("zero");
    expect(orderExclusionReason({ ...paid, amountMinor: 0 })).toBe("zero");
    expect(orderExclusionReason({ ...paid, amountMinor: 1 })).toBeNull();
  });
});
