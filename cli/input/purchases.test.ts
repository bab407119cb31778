import { Readable } from "node:stream";

import { describe, expect, it } from "vitest";

import { possibleDays, writeDay } from "./days.ts";
import { prepare } from "./prepare.ts";
import { readOrders } from "./read-orders.ts";
import { MAX_LINE } from "./records.ts";
import { openSource } from "./source.ts";
import { Zone } from "./zone.ts";

async function read(csv: string, zone: Zone | null = null) {
  const stdin = Readable.from([Buffer.from(csv)]);
  const source = await openSource({ file: "-", stdin, maxLine: MAX_LINE });
  const possible = possibleDays(Date.parse("2026-12-31T12:00:00Z"), zone);
  const file = await readOrders(source, { columns: {}, currency: undefined, zone, possible });
  return prepare(file, {});
}

/** Purchases as [id, days since the first of January 2026, amount]. */
async function purchasesOf(csv: string, zone: Zone | null = null) {
  const { ids, purchases } = await read(csv, zone);
  const { customer, day, amount } = purchases;
  return Array.from(customer, (who, i) => [ids[who], day[i] - 20454, amount[i]]);
}

describe("orders become purchases", () => {
  it("on possible days, and others are counted", async () => {
    const csv =
      "cust,date,total\nann,0021-03-04,1\nann,1994-12-31,1\nann,1995-01-01,1\n" +
      "bob,2027-01-02,1\nbob,2027-01-03,1\nbob,2199-01-01,nothing\n";
    const { ids, purchases, rows } = await read(csv);
    expect(ids).toEqual(["ann", "bob"]);
    expect([...purchases.day].map(writeDay)).toEqual(["1995-01-01", "2027-01-02"]);
    expect(rows).toMatchObject({ read: 6, impossibleDay: 4 });
    const inNewYork = await read(
      csv.replaceAll("2027-01-02", "2027-01-01"),
      new Zone("America/New_York"),
    );
    expect(inNewYork.rows.impossibleDay).toBe(4);
  });

  it("one for each customer and day, by id", async () => {
    const csv = "cust,date,total\nzoe,2026-01-02,5\nann,2026-01-03,.1\nann,2026-01-03,0.2\n";
    expect(await purchasesOf(csv)).toEqual([
      ["ann", 2, 0.3],
      ["zoe", 1, 5],
    ]);
  });

  it("on the day it was in the store's zone", async () => {
    const csv = "cust,date,total\nann,2026-01-01T23:30:00Z,5\nann,2026-01-02T00:30:00Z,5\n";
    expect(await purchasesOf(csv)).toHaveLength(2);
    expect(await purchasesOf(csv, new Zone("Europe/Paris"))).toEqual([["ann", 1, 10]]);
  });

  it("with ids trimmed, and otherwise unchanged", async () => {
    const csv = 'email,date,total\n  a@example.com ,2026-01-01,1\n"A@example.com",2026-01-01,2\n';
    expect(await purchasesOf(csv)).toEqual([
      ["A@example.com", 0, 2],
      ["a@example.com", 0, 1],
    ]);
  });

  it("from quoted cells with quotes, delimiters and line breaks", async () => {
    const csv = 'customer,date,total\r\n"Smith, ""Ann""\r\nJr",2026-01-01,1\r\n';
    expect(await purchasesOf(csv)).toEqual([['Smith, "Ann"\r\nJr', 0, 1]]);
  });

  it("from files with semicolons or tabs, a byte order mark and empty lines", async () => {
    const csv = "\uFEFFcustomer;date;total\n\na;2026-01-01;1\n\n";
    expect(await purchasesOf(csv)).toEqual([["a", 0, 1]]);
    expect(await purchasesOf(csv.replaceAll(";", "\t"))).toEqual([["a", 0, 1]]);
  });
});

describe("rows that are not orders are counted", () => {
  it("without a customer, and with an amount of zero", async () => {
    const csv = "customer,date,total\n,2026-01-01,1\na,2026-01-01,0\na,2026-01-02,3\n";
    const { rows, purchases } = await read(csv);
    expect(rows).toMatchObject({ read: 3, withoutCustomer: 1, zero: 1 });
    expect([...purchases.amount]).toEqual([3]);
  });

  it("as further lines of an order in Shopify's own export", async () => {
    const csv =
      "Name,Email,Financial Status,Created at,Currency,Total,Lineitem name\n" +
      "#1001,a@example.com,paid,2026-01-01 10:00:00 +0100,EUR,30.00,Mug\n" +
      "#1001,a@example.com,,2026-01-01 10:00:00 +0100,,,Cup\n" +
      "#1002,a@example.com,paid,2026-01-02 10:00:00 +0100,EUR,20.00,Mug\n";
    const { rows, purchases, currency } = await read(csv);
    expect(rows).toMatchObject({ read: 3, continued: 1 });
    expect([...purchases.amount]).toEqual([30, 20]);
    expect(currency).toBe("EUR");
  });
});

describe("a repeated row", () => {
  it("is one order where it has an order number or a time", async () => {
    const numbered =
      "order_id,customer,date,total\n7,a,2026-01-01,5\n8,a,2026-01-01,5\n7,a,2026-01-01,5\n";
    const { rows, purchases } = await read(numbered);
    expect(rows.repeated).toBe(1);
    expect([...purchases.amount]).toEqual([10]);
    const timed = "customer,date,total\na,2026-01-01T09:00:01Z,5\n".concat(
      "a,2026-01-01T09:00:01Z,5\n",
    );
    expect((await read(timed)).rows.repeated).toBe(1);
  });

  it("is two orders where it has neither", async () => {
    const { rows, purchases } = await read(
      "customer,date,total\n".concat("a,2026-01-01,5\n".repeat(2)),
    );
    expect(rows.repeated).toBe(0);
    expect([...purchases.amount]).toEqual([10]);
  });
});

it("Amounts below zero are refunds of earlier orders, and never purchases", async () => {
  const csv =
    "customer,date,total\na,2026-01-01,30\na,2026-01-05,20\na,2026-01-09,-20\n" +
    "b,2026-01-01,30\nb,2026-01-02,-12.5\nc,2026-01-03,-1\n";
  const { rows } = await read(csv);
  expect(await purchasesOf(csv)).toEqual([
    ["a", 0, 30],
    ["b", 0, 17.5],
  ]);
  expect(rows).toMatchObject({
    refunds: 3,
    unmatchedRefunds: 1,
    unmatchedAmount: 1,
    reversedDays: 1,
  });
});

it("The order of rows makes no difference to purchases or counts", async () => {
  const lines = Array.from({ length: 400 }, (_, i) => {
    const day = String(1 + ((i * 7) % 28)).padStart(2, "0");
    const amount = ((i * 37) % 101) / 10 - 2;
    return `${i % 50},c${i % 9},2026-01-${day},${amount.toFixed(2)}`;
  });
  const header = "order,customer,date,total";
  const there = await read([header, ...lines].join("\n"));
  const back = await read([header, ...lines.toReversed()].join("\n"));
  expect(back.purchases).toEqual(there.purchases);
  expect(back.rows).toEqual(there.rows);
  expect(there.rows.refunds).toBeGreaterThan(0);
});

it("A customer with very many rows is sorted correctly", async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `a,2026-01-${String(1 + ((i * 11) % 31)).padStart(2, "0")},1`,
  );
  const { purchases } = await read(["customer,date,total", ...lines].join("\n"));
  expect([...purchases.day]).toEqual(Array.from({ length: 31 }, (_, i) => 20454 + i));
  expect(purchases.amount.reduce((sum, amount) => sum + amount, 0)).toBe(5000);
});
