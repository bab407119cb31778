import fc from "fast-check";
import { GraphQLError } from "graphql";
import { describe, expect, it } from "vitest";

import type { SimCustomer } from "#simulator/state.ts";
import { customer, define, giveMetafield, order, shopOf } from "#tests/simulator/sample-shop.ts";

import { createCalendar } from "./calendar.ts";
import { compileQuery, segmentMembers } from "./evaluate.ts";
import { readSegmentQuery } from "./metafields.ts";

const now = new Date("2026-03-31T22:30:00Z"); // 23:30 of the same day in London: summer time began on the 29th

const anna = customer("1", {
  tags: ["clv:high", "VIP"],
  country: "GB",
  createdAt: "2025-12-01T10:00:00Z",
});
const ben = customer("2", {
  tags: ["clv:low"],
  country: "FR",
  locale: "fr",
  email: "b@mail.example",
});
const cleo = customer("3", { email: null, country: null, createdAt: "2026-03-31T22:00:00Z" });
const orders = [
  order("10", { customerId: "1", processedAt: "2025-12-01T10:00:00Z", totalMinor: 5000 }),
  order("11", { customerId: "1", processedAt: "2026-03-30T23:30:00Z", totalMinor: 12_050 }),
  order("12", {
    customerId: "1",
    processedAt: "2026-03-31T09:00:00Z",
    totalMinor: 900,
    test: true,
  }),
  order("13", { customerId: "2", processedAt: "2026-01-31T12:00:00Z", totalMinor: 3000 }),
  order("14", {
    customerId: "2",
    processedAt: "2026-02-10T12:00:00Z",
    totalMinor: 7000,
    cancelledAt: "2026-02-11T12:00:00Z",
  }),
];
const shop = shopOf({ customers: [anna, ben, cleo], orders });
define(shop, { key: "tier", type: "single_line_text_field" });
define(shop, { key: "spend", type: "number_decimal" });
define(shop, { key: "vip", type: "boolean" });
define(shop, { key: "next", type: "date" });
define(shop, { key: "seen", type: "date_time" });
define(shop, { key: "likes", type: "list.single_line_text_field" });
define(shop, { key: "sizes", type: "list.number_integer" });
define(shop, { key: "hidden", type: "number_integer", adminFilterable: false });
define(shop, { namespace: "app--347082227713--clv", key: "tier", type: "single_line_text_field" });
giveMetafield(anna, "encore.tier", "high");
giveMetafield(anna, "encore.spend", "120.50");
giveMetafield(anna, "encore.vip", "true");
giveMetafield(anna, "encore.next", "2026-04-05");
giveMetafield(anna, "encore.seen", "2026-03-30T23:30:00");
giveMetafield(anna, "encore.likes", '["Tea","Cups"]');
giveMetafield(anna, "encore.sizes", "[38,40]");
giveMetafield(anna, "app--347082227713--clv.tier", "top");
giveMetafield(ben, "encore.tier", "low");

function idsOf(text: string): string {
  const parsed = readSegmentQuery(shop, text);
  if (parsed.kind === "error") throw new Error(parsed.message);
  return segmentMembers(shop, parsed.ast, now)
    .map((one) => one.id)
    .join("");
}

describe("the members of a segment", () => {
  it.each([
    ["customer_tags CONTAINS 'clv:high'", "1", "a tag"],
    ["customer_tags CONTAINS 'CLV:High'", "1", "tags without regard to case"],
    ["customer_tags CONTAINS 'clv'", "", "whole tags only"],
    ["customer_tags NOT CONTAINS 'vip'", "23", "customers without any tag are included"],
    ["customer_tags IS NULL", "3", "no tags at all"],
    [
      "customer_countries CONTAINS 'FR' OR customer_countries CONTAINS 'GB'",
      "12",
      "either country",
    ],
    ["customer_countries NOT CONTAINS 'FR'", "13", "the unknown country is not France"],
    ["email_subscription_status = 'SUBSCRIBED'", "12", "subscribers"],
    ["email_subscription_status != 'SUBSCRIBED'", "3", "customers without a state are included"],
    ["email_subscription_status IS NOT NULL", "12", "any state"],
    ["customer_email_domain = 'mail.example'", "2", "the part behind the @"],
    ["customer_language = 'fr'", "2", "language"],
    ["number_of_orders = 0", "3", "no orders"],
    ["number_of_orders = 2", "12", "test orders are not counted, cancelled ones are"],
    ["amount_spent BETWEEN 30 AND 170.5", "12", "a range includes both ends"],
    ["amount_spent > 30", "1", "a cancelled order adds no spend"],
    ["amount_spent != 30", "13", "another amount"],
    ["companies IS NULL AND abandoned_checkout_date IS NULL", "123", "the shop has none of these"],
  ])("%s: %s (%s)", (text, ids) => {
    expect(idsOf(text)).toBe(ids);
  });

  it.each([
    ["last_order_date = yesterday", "", "23:30 UTC on the 30th is the 31st in London"],
    ["last_order_date = today", "1", "today"],
    ["last_order_date = 2026-03-31", "1", "the same as a date"],
    ["last_order_date >= 2026-03-31T00:30:00", "1", "to the second, in the shop's time"],
    ["last_order_date > 2026-03-31T00:30:00", "", "later than that second"],
    ["last_order_date > today", "", "not after today"],
    ["last_order_date <= today", "12", "until the end of today"],
    ["last_order_date = -7w", "2", "weeks"],
    ["last_order_date = -49d", "2", "days"],
    ["first_order_date = -2m", "2", "a month before the 31st is the last day of the month"],
    ["first_order_date < -4m", "", "exactly four months back from the 31st is 30 November"],
    ["first_order_date BETWEEN -4m AND -1m", "12", "a range of days"],
    ["last_order_date IS NULL", "3", "never ordered"],
    ["last_order_date != today", "23", "never ordered is not today either"],
    ["customer_added_date = today", "3", "added today"],
    ["customer_added_date >= 90_days_ago", "3", "a named day"],
  ])("%s: %s (%s)", (text, ids) => {
    expect(idsOf(text)).toBe(ids);
  });

  it.each([
    ["metafields.encore.tier = 'high'", "1"],
    ["metafields.encore.tier = 'High'", ""],
    ["metafields.encore.tier != 'high'", "23"],
    ["metafields.encore.tier IS NULL", "3"],
    ["metafields.app--347082227713--clv.tier = 'top'", "1"],
    ["metafields.encore.spend >= 120.5", "1"],
    ["metafields.encore.vip = true", "1"],
    ["metafields.encore.vip != true", "23"],
    ["metafields.encore.vip IS TRUE", "1"],
    ["metafields.encore.vip IS FALSE", ""],
    ["metafields.encore.next BETWEEN today AND +7d", "1"],
    ["metafields.encore.next <= +4d", ""],
    ["metafields.encore.seen = 2026-03-31", "1"],
    ["metafields.encore.likes CONTAINS 'tea'", "1"],
    ["metafields.encore.likes NOT CONTAINS 'tea'", "23"],
    ["metafields.encore.sizes CONTAINS 40", "1"],
  ])("%s: %s", (text, ids) => {
    expect(idsOf(text)).toBe(ids);
  });

  it.each([
    ["orders_placed MATCHES ()", "12"],
    ["orders_placed NOT MATCHES ()", "3"],
    ["orders_placed IS NULL", "3"],
    ["orders_placed MATCHES (date >= -30d)", "1"],
    ["orders_placed NOT MATCHES (date >= -30d)", "23"],
    ["orders_placed MATCHES (amount > 60)", "12"],
    ["orders_placed MATCHES (amount > 60, date >= -30d)", "1"],
    ["orders_placed MATCHES (amount < 60, date >= -30d)", ""],
    ["orders_placed MATCHES (count >= 2)", "12"],
    ["orders_placed MATCHES (date < -45d, count = 1)", "1"],
    ["orders_placed MATCHES (date BETWEEN -90d AND today, count = 0)", "3"],
  ])("%s: %s", (text, ids) => {
    expect(idsOf(text)).toBe(ids);
  });

  it("counts days in the given zone, not always the shop's", () => {
    const parsed = readSegmentQuery(shop, "last_order_date = yesterday");
    if (parsed.kind === "error") throw new Error(parsed.message);
    const utc = compileQuery(shop, parsed.ast, createCalendar(now, "UTC"));
    expect([anna, ben, cleo].filter(utc).map((one) => one.id)).toEqual(["1"]);
  });

  it("needs a filterable definition for a metafield filter", () => {
    expect(readSegmentQuery(shop, "metafields.encore.hidden > 1")).toMatchObject({
      kind: "error",
      message: "Line 1 Column 0: 'metafields.encore.hidden' filter cannot be found.",
    });
    expect(readSegmentQuery(shop, "metafields.other.tier = 'x'").kind).toBe("error");
  });

  it("fails for filters that the simulator does not implement", () => {
    for (const text of [
      "rfm_group = 'CHAMPIONS'",
      "predicted_spend_tier IS NULL",
      "customer_cities CONTAINS 'GB-LND-London'",
      "products_purchased MATCHES (id = 1)",
    ]) {
      expect(() => idsOf(text)).toThrow(GraphQLError);
      expect(() => idsOf(text)).toThrow("The simulator does not evaluate");
    }
  });
});

describe("any two clauses", () => {
  const clauses = fc.constantFrom(
    ...["customer_tags CONTAINS 'a'", "customer_tags NOT CONTAINS 'a'", "customer_tags IS NULL"],
    ...["amount_spent > 10", "number_of_orders <= 1", "last_order_date >= -3m"],
    ...["last_order_date IS NULL", "orders_placed MATCHES (count >= 2)"],
  );
  const day = fc.integer({ min: 0, max: 200 });
  const people = fc.array(
    fc.record({
      tags: fc.subarray(["a", "b"]),
      orders: fc.array(fc.record({ day, minor: fc.integer({ min: 0, max: 3000 }) }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 6 },
  );

  it("have the intersection under AND and the union under OR; a negation has all others", () => {
    fc.assert(
      fc.property(people, clauses, clauses, (drawn, one, other) => {
        const customers = drawn.map((person, at) =>
          customer(String(at + 1), { tags: person.tags }),
        );
        const placed = drawn.flatMap((person, at) =>
          person.orders.map((drawnOrder, nth) =>
            order(`${String(at)}${String(nth)}0`, {
              customerId: String(at + 1),
              processedAt: new Date(now.getTime() - drawnOrder.day * 86_400_000).toISOString(),
              totalMinor: drawnOrder.minor,
            }),
          ),
        );
        const drawnShop = shopOf({ customers, orders: placed });
        const members = (text: string): SimCustomer[] => {
          const parsed = readSegmentQuery(drawnShop, text);
          if (parsed.kind === "error") throw new Error(parsed.message);
          return segmentMembers(drawnShop, parsed.ast, now);
        };
        const [a, b] = [new Set(members(one)), new Set(members(other))];
        expect(members(`${one} AND ${other}`)).toEqual(
          customers.filter((c) => a.has(c) && b.has(c)),
        );
        expect(members(`${one} OR ${other}`)).toEqual(
          customers.filter((c) => a.has(c) || b.has(c)),
        );
        const tagged = members("customer_tags CONTAINS 'a'").length;
        expect(tagged + members("customer_tags NOT CONTAINS 'a'").length).toBe(customers.length);
      }),
      { numRuns: 60 },
    );
  });
});
