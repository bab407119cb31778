import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { shopCalendar } from "#app/lib/calendar.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { normaliseOrder } from "#app/orders/store/normalise.ts";
import { fieldsOf } from "#app/orders/store/order-fields.ts";
import { OrderRows } from "#app/orders/store/order-rows.ts";
import { readOrderLine } from "#app/orders/store/read-order.ts";
import { UnreadableField } from "#app/orders/store/unreadable-orders.ts";
import type { ExportedOrder } from "#app/shopify/resources/orders.ts";
import { exportedOrder as order } from "#tests/setup/exported-order.ts";

import { ExportLine } from "./export-line.ts";

const shop = shopDomain("one.myshopify.com");
const units = { dayOf: shopCalendar("America/New_York"), digits: 2 };

function bytesOf(rows: OrderRows): Buffer {
  return Buffer.concat([...rows.pieces()]);
}

/** Read by ExportLine; null when the line is not of the expected shape. */
function straight(line: string, of = units): Buffer | null {
  const rows = new OrderRows(shop);
  const reader = new ExportLine(of);
  const bytes = Buffer.from(`before\n${line}\nafter`);
  const end = reader.read(bytes, 7);
  if (end === -1) return null;
  expect(bytes.toString("utf8", 7, end)).toBe(line);
  rows.add(reader);
  return bytesOf(rows);
}

function carefully(line: string, of = units): Buffer {
  const rows = new OrderRows(shop);
  const reading = readOrderLine(line, of);
  if (reading.kind === "unreadable") throw new UnreadableField("shape", reading.found.detail);
  rows.add(fieldsOf(reading.order));
  return bytesOf(rows);
}

/** As Shopify writes it. */
const written = (order: object) => JSON.stringify(order).replaceAll("/", "\\/");

const id = fc.bigInt({ min: 0n, max: 10n ** 20n - 1n });
const written8601 = (date: Date) => date.toISOString().replace(/\.\d+/, "");
const between = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map(written8601);
const time = fc.oneof(
  { weight: 4, arbitrary: between("1970-01-02", "2150-01-01") },
  between("0001-01-02", "9999-12-30"),
);
const text = fc.oneof(
  fc.constantFrom("PAID", "VOIDED", "web", "", '"', "\\", "\\\\", "a,b]", "é", "\0", "\n"),
  fc.string({ unit: "binary" }),
);
const amount = fc.oneof(
  fc.constantFrom("0.0", "0", "0.00", "-1.0", "12", "3.1", "00.5", "1.005", "99999999999.99"),
  fc.integer({ min: 0, max: 10_000_000 }).map((minor) => (minor / 100).toFixed(2)),
);
const anyOrder: fc.Arbitrary<ExportedOrder> = fc.record({
  id: id.map((number) => `gid://shopify/Order/${String(number)}`),
  processedAt: time,
  updatedAt: time,
  cancelledAt: fc.option(time),
  test: fc.boolean(),
  displayFinancialStatus: fc.option(text),
  currentTotalPriceSet: fc.record({ shopMoney: fc.record({ amount }) }),
  sourceName: fc.option(text),
  tags: fc.array(text, { maxLength: 4 }),
  customer: fc.option(
    fc.record({ id: id.map((number) => `gid://shopify/Customer/${String(number)}`) }),
  ),
});

describe("a line of the export, parsed from its bytes", () => {
  it("gives the same row as JSON parsing, or none", () => {
    fc.assert(
      fc.property(anyOrder, fc.constantFrom(0, 2, 3), (any, digits) => {
        const line = written(any);
        const of = { ...units, digits };
        expect(straight(line, of) ?? carefully(line, of)).toEqual(carefully(line, of));
      }),
      { numRuns: 2000 },
    );
  }, 30_000);

  it("never gives a row for a line that is not valid JSON", () => {
    const line = written(order);
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.string({ unit: "binary" }), (at, put) => {
        const broken = line.slice(0, at) + put.replaceAll("\n", "") + line.slice(at + 1);
        let row: Buffer | null = null;
        try {
          row = straight(broken);
        } catch (error) {
          expect(() => carefully(broken)).toThrow("not JSON");
          expect(error).toBeInstanceOf(SyntaxError);
        }
        if (row !== null) expect(row).toEqual(carefully(broken));
      }),
      { numRuns: 5000 },
    );
  }, 30_000);

  it.each([
    ["as Shopify writes it", order],
    ["of a guest", { ...order, customer: null }],
    ["that was cancelled", { ...order, cancelledAt: "2026-01-31T23:59:59Z" }],
    ["with tags that need quoting", { ...order, tags: ['a "b" \\ c', "d,e]", "é\n"] }],
    ["without a status or a channel", { ...order, displayFinancialStatus: null, sourceName: null }],
    ["that is a test", { ...order, test: true }],
    ["worth nothing", { ...order, currentTotalPriceSet: { shopMoney: { amount: "0.0" } } }],
  ])("is parsed for an order %s", (_, usual) => {
    expect(straight(written(usual))).toEqual(carefully(written(usual)));
    expect(straight(JSON.stringify(usual))).toEqual(carefully(written(usual)));
  });

  it.each([
    ["another order of keys", written({ ...order, id: undefined }).replace("{", `{"id":"x",`)],
    ["one key more", written({ ...order, name: "#1" })],
    ["a time in another zone", written({ ...order, updatedAt: "2026-01-06T10:00:00+01:00" })],
    ["a year before 1970", written({ ...order, processedAt: "0021-03-04T10:00:00Z" })],
    ["a leap day", written({ ...order, processedAt: "2024-02-29T10:00:00Z" })],
    ["a day that does not exist", written({ ...order, processedAt: "2026-04-31T10:00:00Z" })],
    ["the gid of something else", written({ ...order, id: "gid://shopify/DraftOrder/1" })],
    ["a number of too many digits", written({ ...order, id: `${order.id}000` })],
    ["trailing characters", `${written(order)} `],
  ])("is left to the JSON parser with %s", (_, line) => {
    expect(straight(line)).toBeNull();
  });
});

describe("rows without some customers", () => {
  it("keep those orders as guest orders", () => {
    const rows = (orders: ExportedOrder[]) => {
      const made = new OrderRows(shop);
      for (const each of orders) made.add(fieldsOf(normaliseOrder(each, units)));
      return made;
    };
    const of = (customer: number) => ({ id: `gid://shopify/Customer/${customer}` });
    const orders = [1, 22, 1, 333].map((customer) => ({ ...order, customer: of(customer) }));
    const guest = { ...order, customer: null };
    const without = rows([...orders, guest]).withoutCustomers((customer) => customer === "1");
    const expected = orders.map((each, index) => (index % 2 === 1 ? each : guest));
    expect(bytesOf(without)).toEqual(bytesOf(rows([...expected, guest])));
    expect(without.orderIds()).toEqual(new Array(5).fill("820982911946154508"));
  });
});
