import { describe, expect, it } from "vitest";

import { parseExclusionTag } from "./exclusion-tag.ts";

const parse = (typed: string) => parseExclusionTag(typed, ["clv:low"]);

describe("the typed exclusion tag", () => {
  it("is trimmed", () => {
    expect(parse("  No scoring: it's me ")).toEqual({ kind: "tag", tag: "No scoring: it's me" });
  });

  it("is null when empty", () => {
    expect(parse("  ")).toEqual({ kind: "tag", tag: null });
  });

  it("is refused when it is not a valid single tag", () => {
    expect(parse("a, b")).toEqual({ kind: "invalid", problem: "comma" });
    expect(parse("x".repeat(255)).kind).toBe("tag");
    expect(parse("x".repeat(256))).toEqual({ kind: "invalid", problem: "long" });
  });

  it("is refused when it is one of our tier tags", () => {
    expect(parse("CLV:Low")).toEqual({ kind: "invalid", problem: "reserved" });
  });
});
