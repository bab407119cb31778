import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { shopCalendar } from "#app/lib/calendar.ts";
import { exportedOrder as order } from "#tests/setup/exported-order.ts";

import { readAll, readOrder, readOrderLine } from "./read-order.ts";

const units = { dayOf: shopCalendar("America/New_York"), digits: 2 };
const ID = "820982911946154508";

describe("reading an order", () => {
  it("normalises it", () => {
    const reading = readOrder(order, units);
    expect(reading).toMatchObject({ kind: "read", order: { orderId: ID, amountMinor: 5500 } });
  });

  it("reports what is wrong, with order id and version", () => {
    const updatedAt = new Date(order.updatedAt);
    expect(readOrder({ ...order, tags: "gift" }, units)).toEqual({
      kind: "unreadable",
      found: {
        orderId: ID,
        updatedAt,
        reason: "shape",
        detail: "tags: Invalid input: expected array, received string",
      },
    });
    expect(readOrder({ ...order, updatedAt: "soon", id: 7 }, units)).toMatchObject({
      found: { orderId: null, updatedAt: null, reason: "shape" },
    });
  });

  it("names a nested field, and a value that is no object", () => {
    const money = { currentTotalPriceSet: { shopMoney: {} } };
    expect(readOrder({ ...order, ...money }, units)).toMatchObject({
      found: {
        reason: "shape",
        detail:
          "currentTotalPriceSet.shopMoney.amount: Invalid input: expected string, received undefined",
      },
    });
    expect(readOrder(7, units)).toMatchObject({
      found: {
        orderId: null,
        reason: "shape",
        detail: "it: Invalid input: expected object, received number",
      },
    });
  });

  it("throws errors that are not about the order", () => {
    const dayOf = () => {
      throw new RangeError("no such zone");
    };
    expect(() => readOrder(order, { ...units, dayOf })).toThrow("no such zone");
  });

  it("never throws for any value, and never repeats a value of the order", () => {
    const SECRET = "Ann Smith";
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom(SECRET, { [SECRET]: SECRET }, [SECRET], "0001-01-01", "99999", null, {}),
    );
    const keys = Object.keys(order) as (keyof typeof order)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), anything, (key, value) => {
        const reading = readOrder({ ...order, [key]: value }, units);
        if (reading.kind === "read") return;
        expect(`${reading.found.reason} ${reading.found.detail}`).not.toContain(SECRET);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readOrder(value, units).kind).toBe("unreadable");
      }),
    );
  });
});

describe("reading a line of the export", () => {
  const line = JSON.stringify(order);

  it.each([
    ["is cut off", line.slice(0, -30)],
    ["goes on", `${line}}`],
    ["is cut off, as Shopify writes it", line.replaceAll("/", "\\/").slice(0, -30)],
  ])("finds the order id when it %s", (_, broken) => {
    expect(readOrderLine(broken, units)).toEqual({
      kind: "unreadable",
      found: { orderId: ID, reason: "line", detail: "the line is not JSON", updatedAt: null },
    });
  });

  it("finds no id in other lines", () => {
    for (const text of ["", "no order", "{", '{"id":"gid://shopify/Customer/1"', "null", "[]"]) {
      expect(readOrderLine(text, units)).toMatchObject({ found: { orderId: null } });
    }
  });
});

describe("reading orders fetched by id", () => {
  it("refuses an order with an id other than the requested one", () => {
    const told = new Map<string, unknown>([
      [ID, order],
      ["1", order],
      ["2", {}],
    ]);
    const { orders, unreadable } = readAll(told, units);
    expect(orders.map(({ orderId }) => orderId)).toEqual([ID]);
    expect(unreadable).toMatchObject([
      { orderId: "1", reason: "id", detail: "id is that of another order" },
      { orderId: "2", reason: "shape" },
    ]);
  });
});
