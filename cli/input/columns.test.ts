import { describe, expect, it } from "vitest";

import { currencyInName, findColumns } from "./columns.ts";

describe("the columns of a file", () => {
  it.each([
    [
      ["customer_id", "date", "amount"],
      [0, 1, 2],
    ],
    [
      ["invoice", "customer_id", "invoiced_at", "amount_gbp", "items"],
      [1, 2, 3],
    ],
    [
      ["Order Date", "Cust", "Revenue"],
      [1, 0, 2],
    ],
    [
      ["cust", "order_date", "total"],
      [0, 1, 2],
    ],
    [
      ["Name", "Email", "Financial Status", "Paid at", "Total", "Created at"],
      [1, 5, 4],
    ],
    [
      ["email", "processed_at", "total_price"],
      [0, 1, 2],
    ],
    [
      ["CustomerID", "InvoiceDate", "Quantity", "total_eur"],
      [0, 1, 3],
    ],
  ])("are recognised in %j", (header, [customer, date, amount]) => {
    expect(findColumns(header, {})).toMatchObject({ customer, date, amount });
  });

  it("are the most usual names where several would do", () => {
    const header = ["email", "customer_id", "created_at", "processed_at", "subtotal", "total"];
    expect(findColumns(header, {})).toMatchObject({ customer: 1, date: 3, amount: 5 });
  });

  it("are those given by name, in any case and spacing", () => {
    const header = ["customer_id", "Loyalty No", "date", "amount", "paid"];
    const choice = { customer: "loyalty_no", amount: "paid" };
    expect(findColumns(header, choice)).toMatchObject({ customer: 1, date: 2, amount: 4 });
  });

  it("include currency and order number where they exist", () => {
    const header = ["order_id", "customer", "date", "total", "Currency"];
    expect(findColumns(header, {})).toMatchObject({ currency: 4, order: 0 });
    expect(findColumns(header.slice(1, 4), {})).toMatchObject({ currency: null, order: null });
  });

  it("are never a unit price", () => {
    expect(() => findColumns(["customer_id", "date", "quantity", "price"], {})).toThrow(
      /line 1: no column is known to hold the amount: name it with --amount COLUMN/,
    );
  });

  it("must not occur twice, nor be missing", () => {
    expect(() => findColumns(["customer_id", "date", "date", "amount"], {})).toThrow(/twice/);
    expect(() => findColumns(["customer_id", "date", "amount"], { date: "when" })).toThrow(
      /no column "when"; there are "customer_id", "date", "amount"/,
    );
  });
});

it("A column name may contain the currency", () => {
  expect(currencyInName("amount_gbp")).toBe("GBP");
  expect(currencyInName("amount")).toBeNull();
});
