import { describe, expect, it } from "vitest";

import { customerId } from "#app/lib/ids.ts";

import { PurchaseTable } from "./purchase-table.ts";

describe("a table of purchases", () => {
  it("numbers customers in order of arrival", () => {
    const table = new PurchaseTable();
    table.add(customerId("7"), 100, 1);
    table.add(customerId("7"), 101, 2.5);
    table.add(customerId("9"), 100, 2 ** 53);
    expect(table.finish()).toEqual({
      customerIds: ["7", "9"],
      purchases: {
        customer: Int32Array.of(0, 0, 1),
        day: Int32Array.of(100, 101, 100),
        amount: Float64Array.of(1, 2.5, 2 ** 53),
        customers: 2,
      },
    });
  });

  it("is empty without rows", () => {
    const { purchases, customerIds } = new PurchaseTable().finish();
    expect([customerIds, purchases.customers, purchases.day.length]).toEqual([[], 0, 0]);
  });

  it("keeps its rows when it grows", () => {
    const table = new PurchaseTable();
    const rows = 10_000;
    for (let row = 0; row < rows; row += 1) {
      table.add(customerId(String(row >> 1)), row % 1000, row + 0.5);
    }
    const { purchases, customerIds } = table.finish();
    expect([customerIds.length, purchases.customers]).toEqual([rows / 2, rows / 2]);
    const all = Array.from({ length: rows }, (_, row) => row);
    expect(Array.from(purchases.customer)).toEqual(all.map((row) => row >> 1));
    expect(Array.from(purchases.day)).toEqual(all.map((row) => row % 1000));
    expect(Array.from(purchases.amount)).toEqual(all.map((row) => row + 0.5));
  });
});
