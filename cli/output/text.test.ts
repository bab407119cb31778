import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Column } from "./rows.ts";
import { csvPieces, csvText } from "./text.ts";

describe("a text in CSV", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"],
    ["-2+3", "'-2+3"],
    ["-", "'-"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ["\t=1", '"\'\t=1"'],
    ["\r=1", '"\'\r=1"'],
    ["\tplain", '"\'\tplain"'],
    [" =1", "' =1"],
    ["＝1+1", "'＝1+1"],
    ["-1e9", "'-1e9"],
    ["--5", "'--5"],
  ])("is not run by a spreadsheet: %j", (text, written) => {
    expect(csvText(text)).toBe(written);
  });

  it.each(["-5", "-12.50", "+4915112345678", "12", "a=b", "ann@example.com", "7-8", "'quoted"])(
    "is written as it is: %s",
    (text) => {
      expect(csvText(text)).toBe(text);
    },
  );

  it.each(["a;=1", "a\t=1", 'a",=1', "a\n=1", "a,=1", " a", "a "])(
    "is one cell whatever the delimiter: %j",
    (text) => {
      expect(csvText(text)).toBe(`"${text.replaceAll('"', '""')}"`);
    },
  );

  it("is read back unchanged except for the apostrophe, and never begins a formula", () => {
    const column = (text: string): Column => ({ name: "id", kind: "text", at: () => text });
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[=+\-@\t\r\n ',;"\d.a]{1,8}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const [piece = ""] = csvPieces([column(text)], 1);
        const [, row] = parse(piece, { relax_column_count: true, skip_empty_lines: false });
        const cell = row?.[0] ?? "";
        expect([text, `'${text}`]).toContain(cell);
        if (cell === text && text !== "")
          expect(text).toMatch(/^([^=+\-@\t\r\n]|[+-]?\d+(\.\d+)?$)/);
      }),
    );
  });
});

it("a negative number stays a number", () => {
  const columns: Column[] = [
    { name: "x", kind: "number", at: () => -1.5 },
    { name: "n", kind: "whole", at: () => -2 },
  ];
  expect([...csvPieces(columns, 1)].join("")).toBe("x,n\n-1.5,-2\n");
});
