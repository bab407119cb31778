import { describe, expect, it } from "vitest";

import { readCustomerGroups } from "./customer-groups.ts";

const id = "gid://shopify/Customer/9007199254740993";
const lineOf = (statistics: unknown) => JSON.stringify({ id, statistics });

describe("a line of Shopify's own groups", () => {
  it("has the customer's RFM group and predicted spend tier", () => {
    const text = lineOf({ rfmGroup: "AT_RISK", predictedSpendTier: "MEDIUM" });
    expect(readCustomerGroups(text)).toEqual({
      customerId: "9007199254740993",
      rfmGroup: "AT_RISK",
      spendTier: "MEDIUM",
    });
  });

  it("has none where Shopify gives none, or one that is not known here", () => {
    const none = { customerId: "9007199254740993", rfmGroup: null, spendTier: null };
    expect(readCustomerGroups(lineOf({ rfmGroup: null, predictedSpendTier: null }))).toEqual(none);
    const later = lineOf({ rfmGroup: "ASTRONAUTS", predictedSpendTier: null });
    expect(readCustomerGroups(later)).toEqual(none);
  });

  it.each(["<html>", "null", lineOf(null), JSON.stringify({ id: "7", statistics: {} })])(
    "is null if unreadable: %s",
    (text) => {
      expect(readCustomerGroups(text)).toBeNull();
    },
  );
});
