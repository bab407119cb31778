import { describe, expect, it } from "vitest";

import { parseRetryAfter, retryDelay } from "./retry.ts";

describe("retryDelay", () => {
  it("waits for the missing points when throttled", () => {
    const status = { maximumAvailable: 2000, currentlyAvailable: 40, restoreRate: 100 };
    expect(retryDelay({ kind: "throttled", requestedCost: 540, status }, 1, 0)).toBe(5000);
  });

  it("never retries at once, even with a full bucket", () => {
    const status = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 };
    expect(retryDelay({ kind: "throttled", requestedCost: 10, status }, 1, 0)).toBe(100);
  });

  it("waits longer each time the reported points were not available", () => {
    const status = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 };
    const failure = { kind: "throttled", requestedCost: 10, status } as const;
    const waits = [1, 2, 3, 6, 7, 20].map((attempt) => retryDelay(failure, attempt, 0));
    expect(waits).toEqual([100, 200, 400, 3200, 5000, 5000]);
    expect(retryDelay(failure, 7, 1)).toBe(6250);
  });

  it("doubles the wait with each failure, within bounds and spread out", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) => retryDelay({ kind: "network" }, attempt, 1));
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000]);
    expect(retryDelay({ kind: "network" }, 3, 0)).toBe(500);
  });

  it("gives up after 7 failures, and after 30 when throttled", () => {
    expect(retryDelay({ kind: "network" }, 7, 0.5)).toBeNull();
    const throttled = { kind: "throttled", requestedCost: 10, status: undefined } as const;
    expect(retryDelay(throttled, 7, 0.5)).toBeGreaterThan(0);
    expect(retryDelay(throttled, 30, 0.5)).toBeNull();
  });

  it("waits at least as long as Shopify asks", () => {
    expect(retryDelay({ kind: "too-many-requests", retryAfterMs: 3000 }, 1, 0)).toBe(3000);
    expect(retryDelay({ kind: "server", retryAfterMs: 10 }, 1, 1)).toBe(250);
  });

  it("reads Retry-After in seconds and as a date", () => {
    expect(parseRetryAfter("2.0", 0)).toBe(2000);
    expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
    expect(parseRetryAfter(null, 0)).toBeUndefined();
    expect(parseRetryAfter("soon", 0)).toBeUndefined();
  });
});
