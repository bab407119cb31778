import { describe, expect, it } from "vitest";

import { shopOf } from "#tests/simulator/sample-shop.ts";

import { rfmGroup } from "./rfm-groups.ts";
import type { SimCustomer, SimOrder } from "./state.ts";

/** Customers 1 to 10 with as many orders, the last of each the later the higher the number. */
const customers = Array.from({ length: 11 }, (_, k) => customer(String(k)));
const orders = customers.flatMap(({ id }) =>
  Array.from({ length: Number(id) }, (_, n) => order(id, n)),
);
const shop = shopOf({ customers, orders });

function customer(id: string): SimCustomer {
  return {
    id,
    firstName: "A",
    lastName: id,
    email: null,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    tags: [],
    metafields: new Map(),
  } as unknown as SimCustomer;
}

function order(customerId: string, n: number): SimOrder {
  const at = new Date(Date.UTC(2026, 0, Number(customerId), 0, n)).toISOString();
  return {
    id: `${customerId}00${String(n)}`,
    customerId,
    processedAt: at,
    createdAt: at,
    updatedAt: at,
    currentTotalMinor: 1_000,
    cancelledAt: null,
    test: false,
    tags: [],
  } as unknown as SimOrder;
}

const groupOf = (id: number) => rfmGroup(customers[id], { shop });

describe("RFM groups", () => {
  it("are by fifths of those who ordered, the best at the top and the dormant at the bottom", () => {
    expect([10, 9, 8, 7, 6, 5].map(groupOf)).toEqual([
      ...["CHAMPIONS", "CHAMPIONS", "LOYAL", "LOYAL"],
      ...["NEEDS_ATTENTION", "NEEDS_ATTENTION"],
    ]);
    expect([4, 3, 2, 1].map(groupOf)).toEqual(["ALMOST_LOST", "ALMOST_LOST", "DORMANT", "DORMANT"]);
  });

  it("call a customer without an order a prospect", () => {
    expect(groupOf(0)).toBe("PROSPECTS");
  });
});
