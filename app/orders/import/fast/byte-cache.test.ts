import { describe, expect, it } from "vitest";

import { ByteCache } from "./byte-cache.ts";

/** A cache, with a list of the texts that were parsed. */
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

describe("the byte cache", () => {
  it("finds a text by its bytes at any offset", () => {
    const { of, read } = reading();
    const first = of("PAID");
    expect(first).toEqual({ source: "PAID" });
    expect(of("PAID", "before ")).toBe(first);
    expect(of("PAI", "")).toEqual({ source: "PAI" });
    expect(of("PAIDX")).toEqual({ source: "PAIDX" });
    expect(of("é")).toEqual({ source: "é" });
    expect(read).toEqual(["PAID", "PAI", "PAIDX", "é"]);
  });

  it("replaces an entry that has the same slot", () => {
    // Both have the same value of 31 * first + second, and so the same slot.
    const { of, read } = reading();
    expect([of("Aa").source, of("BB").source, of("Aa").source]).toEqual(["Aa", "BB", "Aa"]);
    expect(read).toEqual(["Aa", "BB", "Aa"]);
  });

  it("holds hundreds of texts with few collisions", () => {
    const { of, read } = reading();
    const texts = Array.from({ length: 300 }, (_, at) => `tag-${String(at)}`);
    for (const text of texts) of(text);
    for (const text of texts) expect(of(text).source).toBe(text);
    expect(read.length).toBeLessThan(500);
  });

  it("does not cache a text that cannot be parsed", () => {
    const texts = new ByteCache((source) => JSON.parse(source) as unknown);
    expect(() => ofBytes(texts, "{", "")).toThrow(SyntaxError);
    expect(() => ofBytes(texts, "{", "")).toThrow(SyntaxError);
    expect(ofBytes(texts, "1", "")).toBe(1);
  });

  it("keeps an entry when the source buffer changes", () => {
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
