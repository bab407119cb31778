import { describe, expect, it } from "vitest";

import { type Exchange, readRecording, readUpstream, replay } from "#tests/simulator/replay.ts";

/** What is found before any resolver is asked. */
const early =
  /INVALID_VARIABLE|argumentNotAccepted|argumentLiteralsIncompatible|missingRequiredArguments|undefinedField/;

const refusedEarly = (exchanges: readonly Exchange[]) =>
  exchanges.filter(({ answer }) => early.test(JSON.stringify(answer.errors ?? "")));

/** Shopify lists values in the order it declares them, and of a longer enum each version has others. */
function withoutOrder(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer).replaceAll(/(to be one of: )([A-Z0-9_, ]+)/g, (_, before, list) => {
      const values = String(list).split(", ").sort();
      return `${String(before)}${values.length > 20 ? "many" : values.join(", ")}`;
    }),
  );
}

/** Where in the text an error stands depends on the text, which these recordings left out. */
function withoutLocations(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/"locations":\[[^\]]*\],/g, ""));
}

const consent = `mutation Consent($input: CustomerEmailMarketingConsentUpdateInput!) {
  customerEmailMarketingConsentUpdate(input: $input) { userErrors { field message code } }
}`;
const update = `mutation Update($input: CustomerInput!) {
  customerUpdate(input: $input) { userErrors { field message } }
}`;

describe("what a live store refused before it did anything", () => {
  it.each([
    ["discounts-2026-04/discount-customer-selection-internal-conflicts.json", 1],
    ["discounts-2026-04/discount-validation-branches.json", 2],
    ["discounts-2026-04/discount-value-bounds.json", 1],
  ])("is refused alike: %s", async (file, count) => {
    const exchanges = refusedEarly(readRecording(file));
    expect(exchanges.length).toBe(count);
    for (const { name, expected, actual } of await replay(exchanges)) {
      expect(withoutOrder(actual), name).toEqual(withoutOrder(expected));
    }
  });

  it("is refused alike, one variable after the other", async () => {
    const file = "discounts-2026-04/discount-status-time-window-derivation.json";
    const exchanges = refusedEarly(readUpstream(file));
    expect(exchanges.length).toBeGreaterThan(0);
    for (const { name, expected, actual } of await replay(exchanges)) {
      expect(actual, name).toEqual(expected);
    }
  });

  it.each([
    ["customers-2026-04/customer-email-marketing-consent-update-parity.json", consent, 5],
    ["customers-2025-01/customer-update-parity.json", update, 1],
  ])("is refused alike, whatever the document: %s", async (file, document, count) => {
    const exchanges = refusedEarly(readRecording(file, document));
    expect(exchanges.length).toBe(count);
    for (const { name, expected, actual } of await replay(exchanges)) {
      const told = [actual, expected].map((answer) => withoutOrder(withoutLocations(answer)));
      expect(told[0], name).toEqual(told[1]);
    }
  });
});
