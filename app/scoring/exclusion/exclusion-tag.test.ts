import { describe, expect, it } from "vitest";

import { parseExclusionTag } from "./exclusion-tag.ts";

const parse = (typed: string) => parseExclusionTag(typed, ["clv:low"]);

describe("the exclusion tag as it was typed", () => {
  it("is taken as it stands, without the spaces around it", () => {
    expect(parse("  No scoring: it's me ")).toEqual({ kind: "tag", tag: "No scoring: it's me" });
  });

  it("is none when nothing was typed", () => {
    expect(parse("  ")).toEqual({ kind: "tag", tag: null });
  });

  it("is refused when Shopify could not hold it as one tag", () => {
    expect(parse("a, b")).toEqual({ kind: "invalid", problem: "comma" });
    expect(parse("x".repeat(255)).kind).toBe("tag");
    expect(parse("x".repeat(256))).toEqual({ kind: "invalid", problem: "long" });
  });

  it("is refused when it is one of those that scoring itself writes", () => {
    expect(parse("CLV:Low")).toEqual({ kind: "invalid", problem: "reserved" });
  });
});
