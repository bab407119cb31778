import { describe, expect, it } from "vitest";

import { createFormatting } from "#app/i18n/formatting.ts";

import { spendRange } from "./spend-range.ts";

const { money } = createFormatting({ locale: "en", currency: "GBP", timeZone: "UTC" });
const range = (low: number, high: number, ifAny: [number, number] | null = null) =>
  spendRange(
    {
      spendLowMinor: low,
      spendHighMinor: high,
      ifAny: ifAny && { lowMinor: ifAny[0], highMinor: ifAny[1] },
    },
    money,
  );

describe("the range of a customer's spend", () => {
  it("has both ends where both are amounts", () => {
    expect(range(2_000, 6_000)).toEqual({ kind: "between", low: "£20.00", high: "£60.00" });
  });

  it("begins at nothing, or is nothing", () => {
    expect(range(0, 6_000)).toEqual({ kind: "atMost", high: "£60.00" });
    expect(range(0, 0)).toEqual({ kind: "nothing" });
  });

  it("is that of an order for whoever will probably not buy", () => {
    expect(range(0, 900, [2_000, 6_000])).toEqual({ kind: "ifAny", low: "£20.00", high: "£60.00" });
    expect(range(0, 900, [2_000, 2_000])).toEqual({ kind: "ifAnyAbout", amount: "£20.00" });
  });

  it("is never between two amounts that look alike, nor an amount that looks like nothing", () => {
    expect(range(0.2, 0.4)).toEqual({ kind: "nothing" });
    expect(range(0.2, 6_000)).toEqual({ kind: "atMost", high: "£60.00" });
    expect(range(0, 0, [0.1, 0.3])).toEqual({ kind: "nothing" });
    expect(range(10_010, 10_040)).toEqual({ kind: "about", amount: "£100" });
    for (let low = 0; low < 3; low += 0.3) {
      for (let high = low; high < 3; high += 0.3) {
        expect(Object.values(range(low, high)).join()).not.toMatch(/£0\b(?!\.\d)|£0\.00/);
      }
    }
  });
});
