import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { customerId, shopDomain } from "#app/lib/ids.ts";
import {
  hasCountedOrder,
  loadPurchases,
  readBasis,
} from "#app/orders/purchases/purchase-days.server.ts";
import { orderExclusionReasons } from "#app/orders/store/normalise.ts";
import { orderExclusionReason } from "#app/orders/store/normalise.ts";
import { storeShop } from "#tests/stores/stored-orders.ts";

const shop = shopDomain("development.myshopify.com");

type Kind = {
  test: boolean;
  isCancelled: boolean;
  financialStatus: string | null;
  amountMinor: number;
};

/** Every kind of order that the rules distinguish, each with a separate customer. */
const kinds: Kind[] = [true, false].flatMap((test) =>
  [true, false].flatMap((isCancelled) =>
    ["PAID", "VOIDED", "EXPIRED", null].flatMap((financialStatus) =>
      [0, 1250].map((amountMinor) => ({ test, isCancelled, financialStatus, amountMinor })),
    ),
  ),
);
const numbers = kinds.map((_, index) => String(500 + index));

async function store(): Promise<void> {
  for (const [index, kind] of kinds.entries()) {
    const { test, isCancelled, financialStatus, amountMinor } = kind;
    await pool.query(
      `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
                           financial_status, cancelled_at, test, tags, left_out)
       values ($1, $2, $3, '2026-05-05', '2026-05-05', '2026-05-05', $4, $5,
               case when $6 then timestamptz '2026-05-06' end, $7, '{}', $8)`,
      [
        ...[shop, String(900 + index), numbers[index], amountMinor, financialStatus, isCancelled],
        ...[test, orderExclusionReason(kind)],
      ],
    );
  }
}

const countedBy = (rule: (kind: Kind) => string | null) =>
  numbers.filter((_, index) => rule(kinds[index]!) === null);

beforeAll(async () => {
  await storeShop(shop);
  await store();
});
beforeEach(() => pool.query("update shops set development_store = true"));
afterAll(closeDatabase);

describe("in a development store", () => {
  const counted = countedBy((kind) => orderExclusionReason({ ...kind, test: false }));

  it("a test order counts like any other", async () => {
    const { customerIds } = await loadPurchases(shop);
    expect(counted.length).toBeGreaterThan(countedBy(orderExclusionReason).length);
    expect(customerIds).toEqual(counted);
    for (const number of numbers) {
      const has = await hasCountedOrder(shop, customerId(number));
      expect(has, number).toBe(counted.includes(number));
    }
  });

  it("each order is counted once, as counted or by its exclusion reason", async () => {
    const { countedOrders, countedTests, leftOut, orders } = await readBasis(shop);
    expect(countedOrders).toBe(counted.length);
    expect(countedTests).toBe(counted.length - countedBy(orderExclusionReason).length);
    expect(leftOut.reduce((sum, one) => sum + one.orders, countedOrders)).toBe(orders);
  });
});

describe("in a store that became a live one", () => {
  beforeEach(() => pool.query("update shops set development_store = false"));

  it("no test order counts, and nothing that is stored has to change", async () => {
    const counted = countedBy(orderExclusionReason);
    expect((await loadPurchases(shop)).customerIds).toEqual(counted);
    const basis = await readBasis(shop);
    expect(basis).toMatchObject({ countedOrders: counted.length, countedTests: 0 });
    for (const reason of orderExclusionReasons) {
      const orders = kinds.filter((kind) => orderExclusionReason(kind) === reason).length;
      expect(basis.leftOut).toContainEqual({ reason, orders });
    }
  });
});
