import { describe, expect, it } from "vitest";

import { offsetOf } from "./clock.ts";

const ours = Date.parse("2026-11-21T12:00:00.400Z");

describe("the offset between two clocks", () => {
  it("is their difference", () => {
    const weekAhead = offsetOf("Sat, 28 Nov 2026 12:00:00 GMT", ours);
    expect(weekAhead).toBe(7 * 86_400_000 - 400);
  });

  it("is 0 within the tolerance for whole seconds", () => {
    expect(offsetOf("Sat, 21 Nov 2026 12:00:00 GMT", ours)).toBe(0);
    expect(offsetOf("Sat, 21 Nov 2026 11:59:58 GMT", ours)).toBe(0);
  });

  it("is null without a valid header", () => {
    expect(offsetOf(null, ours)).toBeNull();
    expect(offsetOf("soon", ours)).toBeNull();
  });
});
