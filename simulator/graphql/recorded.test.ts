import { describe, expect, it } from "vitest";

import { type Exchange, readRecording, readUpstream, replay } from "#tests/simulator/replay.ts";

/** Errors that are found before any resolver runs. */
const early =
  /INVALID_VARIABLE|argumentNotAccepted|argumentLiteralsIncompatible|missingRequiredArguments|undefinedField/;

const refusedEarly = (exchanges: readonly Exchange[]) =>
  exchanges.filter(({ answer }) => early.test(JSON.stringify(answer.errors ?? "")));

/** Shopify lists enum values in the order of declaration, and longer enums differ between versions. */
function withoutOrder(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer).replaceAll(/(to be one of: )([A-Z0-9_, ]+)/g, (_, before, list) => {
      const values = String(list).split(", ").sort();
      return `${String(before)}${values.length > 20 ? "many" : values.join(", ")}`;
    }),
  );
}

/** The position of an error depends on the document's text, which these recordings omit. */
function withoutLocations(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/"locations":\[[^\]]*\],/g, ""));
}

const consent = `mutation Consent($input: CustomerEmailMarketingConsentUpdateInput!) {
  customerEmailMarketingConsentUpdate(input: $input) { userErrors { field message code } }
}`;
const update = `mutation Update($input: CustomerInput!) {
  customerUpdate(input: $input) { userErrors { field message } }
}`;

describe("recorded errors before execution", () => {
  it.each([
    ["discounts-2026-04/discount-customer-selection-internal-conflicts.json", 1],
    ["discounts-2026-04/discount-validation-branches.json", 2],
    ["discounts-2026-04/discount-value-bounds.json", 1],
  ])("are returned as recorded: %s", async (file, count) => {
    const exchanges = refusedEarly(readRecording(file));
    expect(exchanges.length).toBe(count);
    for (const { name, expected, actual } of await replay(exchanges)) {
      expect(withoutOrder(actual), name).toEqual(withoutOrder(expected));
    }
  });

  it("are returned as recorded, one variable after the other", async () => {
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
  ])("are returned as recorded, whatever the document: %s", async (file, document, count) => {
    const exchanges = refusedEarly(readRecording(file, document));
    expect(exchanges.length).toBe(count);
    for (const { name, expected, actual } of await replay(exchanges)) {
      const responses = [actual, expected].map((answer) => withoutOrder(withoutLocations(answer)));
      expect(responses[0], name).toEqual(responses[1]);
    }
  });
});
