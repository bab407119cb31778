import { describe, expect, it } from "vitest";

import { failureCode, failureCodes, FINAL } from "./failure-codes.ts";

const refusal = (...messages: string[]) =>
  messages.map((message) => ({ field: null, message, code: null }));

describe("why a write failed, among several reasons", () => {
  it("is the most final one", () => {
    const gone = "customer does not exist";
    const full = "Tags cannot be more than 250";
    expect(failureCode(refusal("blank", full, gone))).toBe("customer-missing");
    expect(failureCode(refusal("blank", full))).toBe("customer-tag-limit");
    expect(failureCode(refusal("Customer exists"))).toBe("write-refused");
    expect(failureCode(refusal("Tags are too many"))).toBe("write-refused");
    expect(FINAL).toBe("customer-missing");
    expect([...failureCodes].sort()).toEqual([
      "customer-missing",
      "customer-tag-limit",
      "write-refused",
    ]);
  });
});
