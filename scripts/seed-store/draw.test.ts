import { describe, expect, it } from "vitest";

import { fitStore, type Purchases, summarize } from "#engine";

import { type DrawnStore, drawStore } from "./draw.ts";

const endDay = 20_700;
const DAY_MS = 86_400_000;

function purchasesOf({ customers, orders }: DrawnStore): Purchases {
  const rows = orders
    .map(({ customer, processedAt, amount }) => {
      return [customer, Math.floor(Date.parse(processedAt) / DAY_MS), Number(amount)] as const;
    })
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    customer: Int32Array.from(rows, ([customer]) => customer),
    day: Int32Array.from(rows, ([, day]) => day),
    amount: Float64Array.from(rows, ([, , amount]) => amount),
    customers: customers.length,
  };
}

describe("the customers and orders of a development store", () => {
  it("are the same each time: a year of orders until the day before", () => {
    const run = { seed: 3, customers: 150, endDay };
    const drawn = drawStore(run);
    expect(drawStore(run)).toEqual(drawn);
    expect(drawStore({ ...run, seed: 4 })).not.toEqual(drawn);
    expect(drawn.customers).toHaveLength(150);
    expect(new Set(drawn.customers.map(({ email }) => email)).size).toBe(150);
    for (const { customer, processedAt, amount } of drawn.orders) {
      expect(customer).toBeLessThan(150);
      const day = Date.parse(processedAt) / DAY_MS;
      expect(day).toBeGreaterThanOrEqual(endDay - 365);
      expect(day).toBeLessThan(endDay);
      expect(amount).toMatch(/^[1-9]\d*\.\d\d$/);
    }
  });

  it.each([1, 2, 3])("can be scored (seed %i)", (seed) => {
    const drawn = drawStore({ seed, customers: 150, endDay });
    expect(drawn.orders.length).toBeLessThan(600);
    const purchases = purchasesOf(drawn);
    const when = { asOfDay: endDay + 1, fullHistory: true, rehearse: true };
    const result = fitStore(summarize(purchases, when.asOfDay), purchases, when);
    expect(result.rules.filter(({ passed }) => !passed)).toEqual([]);
    expect(result.kind).toBe("fitted");
  });
});
