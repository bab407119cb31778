import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LineSplitter } from "./line-splitter.ts";

function split(chunks: Uint8Array[], limit?: number): string[] {
  const splitter = new LineSplitter(limit);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

/** Cuts bytes at the given offsets, also within a character. */
function cut(text: string, places: number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe("splitting bytes into lines", () => {
  it("gives the same lines wherever chunks end", () => {
    const line = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\n"));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const text = lines.map((each) => `${each}\n`).join("");
        expect(split(cut(text, places))).toEqual(lines);
      }),
    );
  });

  it("takes a last line without a newline, and skips empty lines", () => {
    expect(split([Buffer.from("a\n\nb")])).toEqual(["a", "b"]);
    expect(split([])).toEqual([]);
  });

  it("counts the bytes of whole lines, from which a download can resume", () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from("één\ntw"));
    expect(splitter.finishedBytes).toBe(6);
    splitter.forgetRest();
    expect(splitter.push(Buffer.from("two\n"))).toEqual(["two"]);
    expect(splitter.finishedBytes).toBe(10);
  });

  it("refuses a line above the limit", () => {
    const chunk = Buffer.alloc(60, "x");
    expect(() => split([chunk, chunk], 100)).toThrow("A line is longer than 100 bytes");
    expect(split([chunk, Buffer.from("\n"), chunk], 100)).toHaveLength(2);
  });
});
