import { describe, expect, it } from "vitest";

import { shopCalendar } from "#app/lib/calendar.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { orderRows } from "#app/orders/store/order-rows.ts";
import { exportedOrder as order } from "#tests/setup/exported-order.ts";

import { lineEnd, OrderReader, type ReadLines } from "./order-reader.ts";

const units = { dayOf: shopCalendar("America/New_York"), digits: 2 };
const shop = shopDomain("one.myshopify.com");

const numbered = (number: number) => ({ ...order, id: `gid://shopify/Order/${number}` });
/** As Shopify writes it. */
const usual = (number: number) => JSON.stringify(numbered(number)).replaceAll("/", "\\/");
/** The same order, its fields in another order. */
const unusual = (number: number) =>
  JSON.stringify(Object.fromEntries(Object.entries(numbered(number)).reverse()));
const broken = (number: number) => usual(number).slice(0, -9);

function fresh(): ReadLines {
  return { orders: orderRows(shop, []), unreadable: [], unnamed: [] };
}

/** @param file its number of lines, and how many were unreadable before these */
function read(lines: string[], file = { lines: lines.length, unreadable: 0 }): ReadLines {
  const reader = new OrderReader(units, file);
  const into = fresh();
  const bytes = Buffer.from(lines.join("\n"));
  let at = 0;
  for (let line = 1; at < bytes.length; line += 1) {
    at = reader.read({ bytes, at, line }, into) + 1;
  }
  return into;
}

const some = (count: number, make: (number: number) => string, from = 1) =>
  Array.from({ length: count }, (_, index) => make(from + index));

describe("the lines of an export", () => {
  it("are read in order, whether of the usual shape or not", () => {
    const { orders, unreadable, unnamed } = read([usual(1), unusual(2), usual(3), unusual(4)]);
    expect(orders.orderIds()).toEqual(["1", "2", "3", "4"]);
    expect({ unreadable, unnamed }).toEqual({ unreadable: [], unnamed: [] });
  });

  it("give the same rows in either shape", () => {
    const bytes = (line: string) => Buffer.concat([...read([line]).orders.pieces()]);
    expect(bytes(unusual(7))).toEqual(bytes(usual(7)));
  });

  it("that cannot be read are set aside by the order's id; the others are read", () => {
    const { orders, unreadable, unnamed } = read([usual(1), broken(2), "no order", usual(3)]);
    expect(orders.orderIds()).toEqual(["1", "3"]);
    expect(unreadable).toEqual([
      { orderId: "2", reason: "line", detail: "the line is not JSON", updatedAt: null },
    ]);
    expect(unnamed).toEqual([3]);
  });

  it("end at a newline or at the end of the file", () => {
    const bytes = Buffer.from("one\ntwo");
    expect([lineEnd(bytes, 0), lineEnd(bytes, 3), lineEnd(bytes, 4)]).toEqual([3, 3, 7]);
  });
});

describe("an export with too many unreadable lines", () => {
  it("fails at the eleventh in a small file, not at the tenth", () => {
    const ten = [...some(10, broken), usual(11)];
    expect(read(ten).unreadable).toHaveLength(10);
    expect(() => read([...ten, broken(12)])).toThrow(
      expect.objectContaining({
        code: "shopify-unreadable",
        retryable: false,
        message: expect.stringMatching(
          /^11 of the first 12 lines of the orders export are no orders that can be read, the last for "the line is not JSON": expected 1 % at most$/,
        ) as string,
      }),
    );
  });

  it("fails above 1 % of the lines of a large file", () => {
    const fifteen = some(15, broken);
    expect(read(fifteen, { lines: 1500, unreadable: 0 }).unreadable).toHaveLength(15);
    expect(() => read(fifteen, { lines: 1499, unreadable: 0 })).toThrow("15 of the first 15");
  });

  it("uses the number of lines read when it exceeds the announced one", () => {
    const reader = new OrderReader(units, { lines: 0, unreadable: 19 });
    const bytes = Buffer.from(broken(1));
    expect(() => reader.read({ bytes, at: 0, line: 2000 }, fresh())).not.toThrow();
    expect(() => reader.read({ bytes, at: 0, line: 2000 }, fresh())).toThrow("21 of");
  });

  it("counts those of earlier attempts", () => {
    expect(() => read([broken(1)], { lines: 20, unreadable: 9 })).not.toThrow();
    expect(() => read([broken(1)], { lines: 20, unreadable: 10 })).toThrow("11 of the first 1 ");
  });
});

it("does not report its own errors as unreadable lines", () => {
  const dayOf = () => {
    throw new TypeError("no such zone");
  };
  const reader = new OrderReader({ ...units, dayOf }, { lines: 1, unreadable: 0 });
  const bytes = Buffer.from(usual(1));
  expect(() => reader.read({ bytes, at: 0, line: 1 }, fresh())).toThrow("no such zone");
});
