import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { askWith, type Place } from "#tests/simulator/ask.ts";
import { type Exchange, readRecording, replayWith } from "#tests/simulator/replay.ts";
import { order, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const ask = askWith(["write_customers", "write_orders", "read_all_orders"]);

function prepared(): Place {
  const store = sampleStore(new Date("2026-07-04T10:58:31Z"));
  const shop = shopOf({ customers: [], orders: [], store });
  shop.currency = "CAD";
  return { store, shop };
}

/** Fields of a customer that the simulator implements. */
const known: Record<string, string> = {
  ...{ id: "id", firstName: "firstName", lastName: "lastName", displayName: "displayName" },
  ...{ email: "email", locale: "locale", note: "note", verifiedEmail: "verifiedEmail" },
  ...{ tags: "tags", state: "state", canDelete: "canDelete", createdAt: "createdAt" },
  updatedAt: "updatedAt",
  defaultEmailAddress: "defaultEmailAddress { emailAddress }",
  defaultPhoneNumber: "defaultPhoneNumber { phoneNumber }",
};

type Created = { customerCreate: { customer: Record<string, unknown> | null } };

/** The queries are not in the recordings: these are reconstructed from the responses. */
function asked(exchange: Exchange): Exchange {
  const data = JSON.parse(JSON.stringify(exchange.answer.data)) as Created;
  const { customer } = data.customerCreate;
  const names = Object.keys(customer ?? {}).filter((name) => name in known);
  if (customer !== null) {
    data.customerCreate.customer = Object.fromEntries(names.map((name) => [name, customer[name]]));
  }
  const query = `mutation Create($input: CustomerInput!) {
    customerCreate(input: $input) {
      customer { id ${names.map((name) => known[name] ?? "").join(" ")} } userErrors { field message }
    }
  }`;
  // The simulator has no tax exemptions.
  const input = Object.entries(exchange.variables.input as object);
  const supported = Object.fromEntries(input.filter(([name]) => name !== "taxExempt"));
  return { ...exchange, query, variables: { input: supported }, answer: { data } };
}

const isCreation = ({ answer }: Exchange) =>
  Object.keys((answer.data ?? {}) as object).includes("customerCreate");

describe("recorded exchanges that create customers", () => {
  it.each([
    ["customer-create-parity.json", 2],
    ["customer-tag-note-limits-parity.json", 4],
    ["customer-input-validation-parity.json", 12],
  ])("has the recorded response: %s", async (file, least) => {
    const exchanges = readRecording(`customers-2025-01/${file}`, "{ not recorded }")
      .filter(isCreation)
      .map(asked);
    expect(exchanges.length).toBeGreaterThanOrEqual(least);
    for (const { name, expected, actual } of await replayWith(ask, prepared(), exchanges)) {
      expect(actual, name).toEqual(expected);
    }
  });
});

describe("recorded exchanges that create orders", () => {
  it("has the recorded response for one without items", async () => {
    const path = "../../tests/recorded/orders-2025-01/order-create-validation-matrix.json";
    const { query, variables, mutation } = JSON.parse(
      readFileSync(new URL(path, import.meta.url), "utf8"),
    ) as Exchange & { mutation: { response: Exchange["answer"] } };
    const { data } = await ask(prepared(), query, variables);
    expect(data).toEqual(mutation.response.data);
  });

  it("has the recorded response for authorizations, and for counting them", async () => {
    const exchanges = readRecording(
      "orders-2025-01/orderCreate-state-derived-payment-and-count.json",
    ).filter(({ query }) => !query.includes("orderCancel"));
    expect(exchanges.length).toBe(3);
    const place = prepared();
    const processedAt = "2026-07-01T10:00:00Z";
    const before = order("1", { name: "#1717", customerId: "1", processedAt, totalMinor: 1 });
    place.shop.orders.set("1", before);
    for (const { name, expected, actual } of await replayWith(ask, place, exchanges)) {
      expect(actual, name).toEqual(expected);
    }
  });
});
