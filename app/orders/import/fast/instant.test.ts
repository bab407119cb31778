import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { INSTANT_BYTES, isDigit, readInstant } from "./instant.ts";

const read = (text: string, before = "") => readInstant(Buffer.from(before + text), before.length);

describe("readInstant", () => {
  it("reads a time at any offset", () => {
    const seconds = fc.integer({ min: 0, max: Date.UTC(2169, 11, 31, 23, 59, 59) / 1000 });
    fc.assert(
      fc.property(seconds, fc.string(), (second, before) => {
        const written = new Date(second * 1000).toISOString().replace(".000", "");
        const expected = written.includes("-02-29T") ? NaN : second * 1000;
        const bytes = Buffer.from(`${before}"${written}"`);
        expect(readInstant(bytes, bytes.length - INSTANT_BYTES)).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(INSTANT_BYTES).toBe(22);
  });

  it.each([
    ['"1970-01-01T00:00:00Z"', 0],
    ['"1970-12-31T23:59:59Z"', 31_535_999_000],
    ['"2169-12-31T23:59:59Z"', Date.UTC(2169, 11, 31, 23, 59, 59)],
    ['"2026-09-09T09:09:09Z"', Date.UTC(2026, 8, 9, 9, 9, 9)],
  ])("reads the limits of its range: %s", (text, expected) => {
    expect(read(text)).toBe(expected);
    expect(read(text, "xyz")).toBe(expected);
  });

  it.each([
    '"1969-12-31T23:59:59Z"',
    '"2170-01-01T00:00:00Z"',
    '"2026-00-10T00:00:00Z"',
    '"2026-13-10T00:00:00Z"',
    '"2026-01-00T00:00:00Z"',
    '"2026-01-32T00:00:00Z"',
    '"2026-04-31T00:00:00Z"',
    '"2024-02-29T00:00:00Z"',
    '"2026-01-10T24:00:00Z"',
    '"2026-01-10T00:60:00Z"',
    '"2026-01-10T00:00:60Z"',
  ])("gives NaN for an invalid, unsupported or leap-day time: %s", (text) => {
    expect(read(text)).toBeNaN();
  });

  it("gives NaN when any character is wrong", () => {
    const text = '"2026-11-21T10:20:30Z"';
    for (let at = 0; at < text.length; at += 1) {
      for (const other of ["/", ":", "a", " "]) {
        if (text[at] === other) continue;
        expect([at, other, read(text.slice(0, at) + other + text.slice(at + 1))]).toEqual([
          at,
          other,
          NaN,
        ]);
      }
      expect(read(text.slice(0, at))).toBeNaN();
    }
  });
});

describe("isDigit", () => {
  it("accepts the ten digits, and no missing byte", () => {
    const digits = Array.from({ length: 256 }, (_, byte) => byte).filter(isDigit);
    expect(Buffer.from(digits).toString()).toBe("0123456789");
    expect(isDigit(undefined)).toBe(false);
  });
});
