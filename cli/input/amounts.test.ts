import { describe, expect, it } from "vitest";

import { amountAdvice, readMarkedAmount, readPlainAmount, UNITS } from "./amounts.ts";

describe("readPlainAmount", () => {
  it.each([
    ["12.50", 125_000],
    ["-3", -30_000],
    ["+.5", 5000],
    ["7.", 70_000],
    ["0.00", 0],
    ["33.33", 333_300],
    ["19.990000000000002", 199_900],
  ])("reads %s", (text, units) => {
    expect(readPlainAmount(text)).toBe(units);
  });

  it.each(["", ".", "12,50", "1e3", "£5", "abc", "0x10", "1_000", "--1", "∞", "NaN", "１２"])(
    "does not read %j",
    (text) => {
      expect(readPlainAmount(text)).toBeNaN();
    },
  );

  it("refuses amounts that ten-thousandths cannot represent exactly", () => {
    expect(readPlainAmount("900000000000")).toBe(900_000_000_000 * UNITS);
    expect(readPlainAmount("1000000000000")).toBeNaN();
  });
});

describe("readMarkedAmount", () => {
  it.each([
    ["£12.50", 125_000, "£"],
    ["-£12.50", -125_000, "£"],
    ["$-12.50", -125_000, "$"],
    ["12.50 EUR", 125_000, "EUR"],
    ["USD 1,234.50", 12_345_000, "USD"],
    ["(12.50)", -125_000, null],
    ["1.5e3", 15_000_000, null],
    ["1,234,567.8", 12_345_678_000, null],
  ])("reads %s", (text, units, mark) => {
    expect(readMarkedAmount(text)).toEqual({ units, mark });
  });

  it.each(["12,50", "1,234", "1.234,50", "12,34.5", "£5 EUR", "-$-5", "EUR", "5 apples"])(
    "refuses %s",
    (text) => {
      expect(readMarkedAmount(text)).toBeNull();
    },
  );
});

it("The advice says what is wrong with an amount and what would be right", () => {
  expect(amountAdvice("")).toContain("is empty");
  expect(amountAdvice("12,50")).toContain("decimal point");
  expect(amountAdvice("1000000000000")).toContain("larger");
  expect(amountAdvice("twelve")).toContain("12.50");
});
