import assert from "node:assert/strict";

import { describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import type { StoredOrder } from "./normalise.ts";
import { fieldsOf } from "./order-fields.ts";
import { orderColumns, type OrderRows, orderRows } from "./order-rows.ts";

const shop = shopDomain("one.myshopify.com");

const order: StoredOrder = {
  orderId: "820982911946154508",
  customerId: "115310627314723954",
  processedAt: "2026-01-05T04:59:59.123Z",
  updatedAt: "1999-12-31T23:59:59Z",
  day: 20_457,
  amountMinor: 5500,
  financialStatus: "PAID",
  cancelledAt: "2026-01-06T00:00:00Z",
  test: true,
  channel: "wéb",
  tags: ["gift", 'a "b", c'],
  exclusionReason: "test",
};

type Cell = Buffer | null;

/**
 * Parses the rows by PostgreSQL's documentation of the binary COPY format; each is a list of cells.
 */
function cellsOf(rows: OrderRows): Cell[][] {
  const bytes = Buffer.concat([...rows.pieces()]);
  assert.equal(bytes.toString("latin1", 0, 19), `PGCOPY\n\xff\r\n${"\0".repeat(9)}`);
  const found: Cell[][] = [];
  let at = 19;
  for (;;) {
    const fields = bytes.readInt16BE(at);
    at += 2;
    if (fields === -1) break;
    const row = Array.from({ length: fields }, (): Cell => {
      const length = bytes.readInt32BE(at);
      const cell = length === -1 ? null : bytes.subarray(at + 4, at + 4 + length);
      at += 4 + Math.max(0, length);
      return cell;
    });
    found.push(row);
  }
  assert.equal(at, bytes.length);
  return found;
}

function rowOf(cells: Cell[]): Record<string, unknown> {
  assert.equal(cells.length, orderColumns.length);
  const cell = Object.fromEntries(orderColumns.map((name, at) => [name, cells[at] ?? null]));
  const text = (name: string) => cell[name]?.toString("utf8") ?? null;
  const instant = (name: string) => {
    const micros = cell[name]?.readBigInt64BE();
    if (micros === undefined) return null;
    assert.equal(cell[name]?.length, 8);
    return new Date(Date.UTC(2000, 0, 1) + Number(micros / 1000n)).toISOString();
  };
  assert.deepEqual([cell.day?.length, cell.test?.length], [4, 1]);
  return {
    shop: text("shop"),
    order_id: text("order_id"),
    customer_id: text("customer_id"),
    processed_at: instant("processed_at"),
    updated_at: instant("updated_at"),
    // 10957 days from 1970 to 2000.
    day: (cell.day?.readInt32BE() ?? NaN) + 10_957,
    amount_minor: cell.amount_minor?.readBigInt64BE(),
    financial_status: text("financial_status"),
    cancelled_at: instant("cancelled_at"),
    test: cell.test?.[0],
    channel: text("channel"),
    tags: cell.tags && textsOf(cell.tags),
    left_out: text("left_out"),
  };
}

/**
 * The header has dimensions, a flag for nulls, the element type, then size and lower bound of each
 * dimension.
 */
function textsOf(array: Buffer): string[] {
  const [dimensions, nulls, type] = [0, 4, 8].map((at) => array.readInt32BE(at));
  assert.deepEqual([nulls, type], [0, 25]);
  if (dimensions === 0) {
    assert.equal(array.length, 12);
    return [];
  }
  assert.deepEqual([dimensions, array.readInt32BE(16)], [1, 1]);
  let at = 20;
  const texts = Array.from({ length: array.readInt32BE(12) }, () => {
    const length = array.readInt32BE(at);
    at += 4 + length;
    return array.toString("utf8", at - length, at);
  });
  assert.equal(at, array.length);
  return texts;
}

const read = (orders: StoredOrder[]) => cellsOf(orderRows(shop, orders)).map(rowOf);

const stored = {
  shop: "one.myshopify.com",
  order_id: "820982911946154508",
  customer_id: "115310627314723954",
  processed_at: "2026-01-05T04:59:59.123Z",
  updated_at: "1999-12-31T23:59:59.000Z",
  day: 20_457,
  amount_minor: 5500n,
  financial_status: "PAID",
  cancelled_at: "2026-01-06T00:00:00.000Z",
  test: 1,
  channel: "wéb",
  tags: ["gift", 'a "b", c'],
  left_out: "test",
};

describe("order rows", () => {
  it("contain all fields of an order", () => {
    expect(read([order])).toEqual([stored]);
  });

  it("contain null for missing fields", () => {
    const bare: StoredOrder = {
      ...order,
      customerId: null,
      financialStatus: null,
      cancelledAt: null,
      test: false,
      channel: null,
      tags: [],
      exclusionReason: null,
    };
    expect(read([bare])).toEqual([
      {
        ...stored,
        customer_id: null,
        financial_status: null,
        cancelled_at: null,
        test: 0,
        channel: null,
        tags: [],
        left_out: null,
      },
    ]);
  });

  it.each(["test", "cancelled", "voided", "zero"] as const)(
    "contain the exclusion reason %s",
    (exclusionReason) => {
      expect(read([{ ...order, exclusionReason }])[0]?.left_out).toBe(exclusionReason);
    },
  );

  it.each([0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, -(2 ** 40) - 7])(
    "keep an amount of %i",
    (amountMinor) => {
      expect(read([{ ...order, amountMinor }])[0]?.amount_minor).toBe(BigInt(amountMinor));
    },
  );

  it.each([-1, 0, 10_956, 10_957, 40_000])("keep the day %i", (day) => {
    expect(read([{ ...order, day }])[0]?.day).toBe(day);
  });

  it("leave out NUL characters, which PostgreSQL's text cannot hold", () => {
    expect(read([{ ...order, channel: "a\0b\0" }])[0]?.channel).toBe("ab");
  });

  it("refuse an order with an invalid time", () => {
    for (const change of [{ processedAt: "x" }, { updatedAt: "x" }, { cancelledAt: "x" }]) {
      expect(() => orderRows(shop, [{ ...order, ...change }])).toThrow(
        new RangeError('"x" is not a time'),
      );
    }
  });

  // Exceeds the initial capacity, in bytes and in rows.
  const many = Array.from({ length: 1_500 }, (_, at) => ({
    ...order,
    orderId: String(at + 1),
    customerId: at % 3 === 0 ? null : String(at % 7),
  }));

  it("keep number and order of what was added", () => {
    const rows = orderRows(shop, many);
    expect(rows.count).toBe(1_500);
    expect(rows.orderIds()).toEqual(many.map(({ orderId }) => orderId));
    const found = cellsOf(rows).map(rowOf);
    expect(found.map((row) => row.order_id)).toEqual(many.map(({ orderId }) => orderId));
    expect(found.at(-1)).toEqual({ ...stored, order_id: "1500", customer_id: "1" });
    expect([...rows.pieces()].every((piece) => piece.length <= 1 << 17)).toBe(true);
  });

  it("can be cleared and filled again", () => {
    const rows = orderRows(shop, many.slice(0, 3));
    rows.clear();
    expect([rows.count, rows.orderIds(), cellsOf(rows)]).toEqual([0, [], []]);
    rows.add(fieldsOf(order));
    expect(cellsOf(rows).map(rowOf)).toEqual([stored]);
  });

  it("lose only the customer in withoutCustomers", () => {
    const without = orderRows(shop, many).withoutCustomers((customer) => customer === "3");
    const expected = many.map(({ orderId, customerId }) => ({
      ...stored,
      order_id: orderId,
      customer_id: customerId === "3" ? null : customerId,
    }));
    expect(cellsOf(without).map(rowOf)).toEqual(expected);
    expect(without.orderIds()).toEqual(many.map(({ orderId }) => orderId));
  });
});
