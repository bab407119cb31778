import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { FixedText } from "./fixed-text.ts";

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const isAt = (text: string, among: string, at: number) =>
  new FixedText(text).isAt(viewOf(Buffer.from(among)), at);

describe("a fixed text", () => {
  it("is found at its offset, and nowhere else", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, letters, (before, text, after) => {
        const among = before + text + after;
        for (let at = 0; at <= among.length + 1; at += 1) {
          expect(isAt(text, among, at)).toBe(at <= among.length && among.startsWith(text, at));
        }
      }),
    );
  });

  it.each(["abc", "abcd", "abcde", "abcdefgh", "abcdefghijk"])(
    "may have any length: %s",
    (text) => {
      expect(new FixedText(text).length).toBe(text.length);
      expect(isAt(text, text, 0)).toBe(true);
      expect(isAt(text, `xy${text}`, 2)).toBe(true);
      expect(isAt(text, text.slice(0, -1), 0)).toBe(false);
      for (let at = 0; at < text.length; at += 1) {
        expect(isAt(text, `${text.slice(0, at)}?${text.slice(at + 1)}`, 0)).toBe(false);
      }
    },
  );

  it("has its length in bytes", () => {
    expect(new FixedText("é").length).toBe(2);
  });
});
