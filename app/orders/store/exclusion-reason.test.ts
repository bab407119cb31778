import { describe, expect, it } from "vitest";

import { leftOutReasons } from "./normalise.ts";
import { leftOutReason } from "./normalise.ts";

describe("why an order is left out", () => {
  it("is the first of four reasons that is true of it", () => {
    expect([...leftOutReasons]).toEqual(["test", "cancelled", "voided", "zero"]);
    const all = { test: true, isCancelled: true, financialStatus: "VOIDED", amountMinor: -1 };
    expect(leftOutReason(all)).toBe("test");
    expect(leftOutReason({ ...all, test: false })).toBe("cancelled");
    expect(leftOutReason({ ...all, test: false, isCancelled: false })).toBe("voided");
    const paid = { test: false, isCancelled: false, financialStatus: "PAID" };
    expect(leftOutReason({ ...paid, amountMinor: -1 })).toBe("zero");
    expect(leftOutReason({ ...paid, amountMinor: 0 })).toBe("zero");
    expect(leftOutReason({ ...paid, amountMinor: 1 })).toBeNull();
  });
});
