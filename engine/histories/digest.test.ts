import fc from "fast-check";
import { expect, it } from "vitest";

import { type OrderRow, toPurchases } from "../../tests/stores/rows.ts";
import { digest } from "./digest.ts";

const anyOrders: fc.Arbitrary<OrderRow[]> = fc.array(
  fc.record({
    customer: fc.constantFrom("a", "b", "c", "d"),
    day: fc.nat(50),
    amount: fc.integer({ min: 1, max: 9999 }),
  }),
  { minLength: 1, maxLength: 30 },
);

it("is 32 hexadecimal digits", () => {
  expect(digest(toPurchases([{ customer: "a", day: 3, amount: 9 }]))).toMatch(/^[0-9a-f]{32}$/);
});

it("depends neither on the order of the orders nor on the names of the customers", () => {
  const renamed: Record<string, string> = { a: "z", b: "y", c: "x", d: "w" };
  fc.assert(
    fc.property(anyOrders, (orders) => {
      const plain = digest(toPurchases(orders));
      expect(digest(toPurchases([...orders].reverse()))).toBe(plain);
      const others = orders.map((order) => ({ ...order, customer: renamed[order.customer] ?? "" }));
      expect(digest(toPurchases(others))).toBe(plain);
    }),
  );
});

it("changes with any day, amount or customer", () => {
  fc.assert(
    fc.property(anyOrders, fc.nat(), (orders, pick) => {
      const plain = digest(toPurchases(orders));
      const changed = (change: Partial<OrderRow>) =>
        orders.map((order, i) => (i === pick % orders.length ? { ...order, ...change } : order));
      expect(digest(toPurchases(changed({ day: 51 })))).not.toBe(plain);
      expect(digest(toPurchases(changed({ amount: 0.5 })))).not.toBe(plain);
      expect(digest(toPurchases([...orders, { customer: "e", day: 1, amount: 1 }]))).not.toBe(
        plain,
      );
    }),
  );
});
