import { describe, expect, it } from "vitest";

import {
  customerTopics,
  orderTopics,
  readCustomerWebhook,
  readOrderWebhook,
  shopTopics,
} from "./webhook-payload.ts";

const gid = (kind: string, number: string) => `gid://shopify/${kind}/${number}`;
const number = "820982911946154508";

describe("the subscribed topics", () => {
  it("are of three kinds", () => {
    expect([...orderTopics]).toEqual([
      "orders/create",
      "orders/updated",
      "orders/paid",
      "orders/cancelled",
      "orders/edited",
      "orders/delete",
      "refunds/create",
    ]);
    expect([...customerTopics]).toEqual(["customers/delete", "customers/merge"]);
    expect([...shopTopics]).toEqual(["app/scopes_update", "shop/update"]);
  });
});

describe("a webhook about a customer", () => {
  it("names the deleted customer", () => {
    const body = { admin_graphql_api_id: gid("Customer", number) };
    expect(readCustomerWebhook("customers/delete", body)).toEqual({
      customerId: number,
      into: null,
    });
  });

  it("names the merged customer and the one they were merged into", () => {
    const body = {
      admin_graphql_api_customer_kept_id: gid("Customer", "1"),
      admin_graphql_api_customer_deleted_id: gid("Customer", "2"),
    };
    expect(readCustomerWebhook("customers/merge", body)).toEqual({ customerId: "2", into: "1" });
  });

  it("is refused when it names no customer, or something else", () => {
    expect(() => readCustomerWebhook("customers/delete", {})).toThrow();
    expect(() => readCustomerWebhook("customers/merge", {})).toThrow();
    const order = { admin_graphql_api_id: gid("Order", "1") };
    expect(() => readCustomerWebhook("customers/delete", order)).toThrow(TypeError);
  });
});

describe("a webhook about an order", () => {
  const order = { admin_graphql_api_id: gid("Order", number) };

  it("has a version only where the body has one", () => {
    const told = (updated_at: unknown) => readOrderWebhook("orders/paid", { ...order, updated_at });
    expect(told("2026-11-21T10:00:00Z").updatedAt).toBe("2026-11-21T10:00:00Z");
    expect(told(null)).toEqual({ orderId: number, updatedAt: null });
    expect(told(undefined)).toEqual({ orderId: number, updatedAt: null });
    expect(() => told("yesterday")).toThrow();
  });

  it.each([
    ["orders/delete", { id: -1 }],
    ["orders/delete", {}],
    ["orders/edited", { order_edit: {} }],
    ["orders/edited", {}],
    ["refunds/create", { id: 1 }],
    ["refunds/create", { order_id: 1.5 }],
  ] as const)("of %s is refused when it names no order: %j", (topic, body) => {
    expect(() => readOrderWebhook(topic, body)).toThrow();
  });
});
