import { describe, expect, it } from "vitest";

import { outcomeOf, readResultLine } from "./user-errors.ts";

describe("what came of a write", () => {
  it("is done when Shopify has nothing to say against it", () => {
    expect(outcomeOf({ userErrors: [] })).toEqual({ kind: "done" });
  });

  it("is refused when there is no answer to it", () => {
    expect(outcomeOf(null)).toMatchObject({ kind: "refused" });
  });
});

describe("a line of a bulk mutation's result", () => {
  it("says which line it is about and what came of it", () => {
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

  it("takes an error beside the data for a refusal", () => {
    const line = '{"data":null,"errors":[{"message":"Internal error"}],"__lineNumber":0}';
    expect(readResultLine(line)?.outcome).toMatchObject({
      kind: "refused",
      errors: [{ message: "Internal error" }],
    });
  });

  it("is none when it cannot be read as one", () => {
    expect(readResultLine('{"id":"gid://shopify/Order/1"}')).toBeNull();
    expect(readResultLine("<html>")).toBeNull();
  });
});
