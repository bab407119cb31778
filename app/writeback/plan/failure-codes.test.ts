import { describe, expect, it } from "vitest";

import { failureCode } from "./failure-codes.ts";

const refusal = (message: string) => [{ field: ["id"], message, code: null }];

describe("why a write failed", () => {
  it("is final when the customer is gone, for tags and for metafields", () => {
    expect(failureCode(refusal("Customer does not exist"))).toBe("customer-missing");
    expect(failureCode(refusal("Owner does not exist."))).toBe("customer-missing");
  });

  it("is the customer's own limit when there are too many tags", () => {
    expect(failureCode(refusal("Tags cannot be more than 250"))).toBe("customer-tag-limit");
  });

  it("is a plain refusal otherwise", () => {
    expect(failureCode(refusal("Value can't be blank."))).toBe("write-refused");
    expect(failureCode([])).toBe("write-refused");
  });
});
