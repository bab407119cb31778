import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toMinorUnits } from "./money.ts";

describe("money in minor units", () => {
  it("parses Shopify's decimals without trailing zeros", () => {
    expect(toMinorUnits("55.0", 2)).toBe(5500);
    expect(toMinorUnits("100.5", 2)).toBe(10050);
    expect(toMinorUnits("7", 2)).toBe(700);
    expect(toMinorUnits("1200.0", 0)).toBe(1200);
    expect(toMinorUnits("1.234", 3)).toBe(1234);
    expect(toMinorUnits("-3.10", 2)).toBe(-310);
  });

  it("has no floating-point errors", () => {
    expect(toMinorUnits("1.005", 2)).toBe(101);
    expect(toMinorUnits("0.285", 2)).toBe(29);
    expect(toMinorUnits("-0.005", 2)).toBe(-1);
    expect(Object.is(toMinorUnits("-0.0", 2), 0)).toBe(true);
  });

  it("keeps every cent of every amount", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
        const text = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
        expect(toMinorUnits(text, 2)).toBe(cents);
      }),
    );
  });

  it("refuses invalid amounts and those that cannot be exact", () => {
    expect(() => toMinorUnits("12,50", 2)).toThrow('"12,50" is not a decimal amount');
    expect(() => toMinorUnits("", 2)).toThrow(RangeError);
    expect(() => toMinorUnits("99999999999999999.00", 2)).toThrow("too large");
  });
});
