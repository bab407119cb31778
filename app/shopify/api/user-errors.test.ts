import { describe, expect, it } from "vitest";

import { outcomeOf, readResultLine } from "./user-errors.ts";

describe("the outcome of a write", () => {
  it("is done without user errors", () => {
    expect(outcomeOf({ userErrors: [] })).toEqual({ kind: "done" });
  });

  it("is refused without a payload", () => {
    expect(outcomeOf(null)).toMatchObject({ kind: "refused" });
  });
});

describe("a result line of a bulk mutation", () => {
  it("has the line number and the outcome", () => {
    const done = '{"data":{"tagsAdd":{"userErrors":[]}},"__lineNumber":4}';
    expect(readResultLine(done)).toEqual({ line: 4, outcome: { kind: "done" } });
    const refused =
      '{"data":{"tagsAdd":{"userErrors":[{"field":["id"],"message":"Customer does not exist"}]}},"__lineNumber":5}';
    expect(readResultLine(refused)).toEqual({
      line: 5,
      outcome: {
        kind: "refused",
        errors: [{ field: ["id"], message: "Customer does not exist", code: null }],
      },
    });
  });

  it("is refused when it has top-level errors", () => {
    const line = '{"data":null,"errors":[{"message":"Internal error"}],"__lineNumber":0}';
    expect(readResultLine(line)?.outcome).toMatchObject({
      kind: "refused",
      errors: [{ message: "Internal error" }],
    });
  });

  it("is null when it cannot be read", () => {
    expect(readResultLine('{"id":"gid://shopify/Order/1"}')).toBeNull();
    expect(readResultLine("<html>")).toBeNull();
  });
});
