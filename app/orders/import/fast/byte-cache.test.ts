import { describe, expect, it } from "vitest";

import { ByteCache } from "./byte-cache.ts";

/** Reads texts out of one buffer, and counts how often each was really read. */
function reading() {
  const read: string[] = [];
  const texts = new ByteCache((source) => {
    read.push(source);
    return { source };
  });
  return { read, of: (text: string, before = "") => ofBytes(texts, text, before) };
}

function ofBytes<Value>(texts: ByteCache<Value>, text: string, before: string): Value {
  const bytes = Buffer.from(`${before}${text} and more`);
  const from = Buffer.byteLength(before);
  return texts.of(bytes, from, from + Buffer.byteLength(text));
}

describe("what was read", () => {
  it("is found again by its bytes, wherever they stand", () => {
    const { of, read } = reading();
    const first = of("PAID");
    expect(first).toEqual({ source: "PAID" });
    expect(of("PAID", "before ")).toBe(first);
    expect(of("PAI", "")).toEqual({ source: "PAI" });
    expect(of("PAIDX")).toEqual({ source: "PAIDX" });
    expect(of("é")).toEqual({ source: "é" });
    expect(read).toEqual(["PAID", "PAI", "PAIDX", "é"]);
  });

  it("is another's no more when that takes its place", () => {
    // Both have 31 * first + second in common, and so one place.
    const { of, read } = reading();
    expect([of("Aa").source, of("BB").source, of("Aa").source]).toEqual(["Aa", "BB", "Aa"]);
    expect(read).toEqual(["Aa", "BB", "Aa"]);
  });

  it("has places enough for hundreds of texts", () => {
    const { of, read } = reading();
    const texts = Array.from({ length: 300 }, (_, at) => `tag-${String(at)}`);
    for (const text of texts) of(text);
    for (const text of texts) expect(of(text).source).toBe(text);
    expect(read.length).toBeLessThan(500);
  });

  it("is not remembered when reading fails", () => {
    const texts = new ByteCache((source) => JSON.parse(source) as unknown);
    expect(() => ofBytes(texts, "{", "")).toThrow(SyntaxError);
    expect(() => ofBytes(texts, "{", "")).toThrow(SyntaxError);
    expect(ofBytes(texts, "1", "")).toBe(1);
  });

  it("does not change with the bytes that it was read from", () => {
    const { read } = reading();
    const texts = new ByteCache((source) => {
      read.push(source);
      return source;
    });
    const bytes = Buffer.from("PAID");
    expect(texts.of(bytes, 0, 4)).toBe("PAID");
    bytes.write("VOID");
    expect(texts.of(bytes, 0, 4)).toBe("VOID");
    expect(texts.of(Buffer.from("PAID"), 0, 4)).toBe("PAID");
    expect(read).toEqual(["PAID", "VOID"]);
  });
});
