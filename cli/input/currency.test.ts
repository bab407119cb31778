import { expect, it } from "vitest";

import { OneCurrency } from "./currency.ts";

const place = { line: 2, column: "total" };

function meetAll(stated: string | undefined, ...marks: string[]): string | null {
  const currency = new OneCurrency(stated);
  for (const mark of marks) currency.meet(mark, place);
  return currency.code;
}

it.each([
  [undefined, ["EUR", "eur", "€"], "EUR"],
  ["gbp", ["£"], "GBP"],
  ["CAD", ["$", "CAD"], "CAD"],
  [undefined, ["$", "$"], null],
  [undefined, ["$", "USD"], "USD"],
  [undefined, ["JPY", "¥"], "JPY"],
])("With %j stated, %j are one currency", (stated, marks, code) => {
  expect(meetAll(stated, ...marks)).toBe(code);
});

it.each([
  [undefined, ["EUR", "USD"]],
  ["EUR", ["£"]],
  ["EUR", ["$"]],
  [undefined, ["$", "¥"]],
  [undefined, ["$", "€"]],
])("With %j stated, %j are not", (stated, marks) => {
  expect(() => meetAll(stated, ...marks)).toThrow(/line 2, column "total": is in /);
});

it("A stated currency must be a code of three letters", () => {
  expect(() => new OneCurrency("euro")).toThrow(/EUR/);
});
