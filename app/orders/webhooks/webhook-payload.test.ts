import { describe, expect, it } from "vitest";

import { orderTopics, readOrderWebhook } from "./webhook-payload.ts";

describe("a webhook about an order", () => {
  it("names the order and its version", () => {
    const body = {
      id: 1,
      admin_graphql_api_id: "gid://shopify/Order/820982911946154508",
      updated_at: "2026-11-21T10:00:00-05:00",
    };
    for (const topic of orderTopics.slice(0, 4)) {
      expect(readOrderWebhook(topic, body)).toEqual({
        orderId: "820982911946154508",
        updatedAt: "2026-11-21T10:00:00-05:00",
      });
    }
  });

  it("names the order by its number where the body has no gid", () => {
    const unknown = { orderId: "820982911946154508", updatedAt: null };
    const number = "820982911946154508";
    expect(readOrderWebhook("orders/delete", { id: number })).toEqual(unknown);
    expect(readOrderWebhook("orders/edited", { order_edit: { order_id: number } })).toEqual(
      unknown,
    );
    expect(readOrderWebhook("refunds/create", { order_id: number })).toEqual(unknown);
    expect(readOrderWebhook("orders/delete", { id: 12 }).orderId).toBe("12");
  });

  it("is refused when it names no order", () => {
    expect(() => readOrderWebhook("orders/create", {})).toThrow();
    expect(() =>
      readOrderWebhook("orders/create", { admin_graphql_api_id: "gid://shopify/X/1" }),
    ).toThrow(TypeError);
    expect(() => readOrderWebhook("orders/delete", { id: "no number" })).toThrow(TypeError);
    // A number above 2^53 was rounded by a JSON parser and may name another order.
    expect(() => readOrderWebhook("orders/delete", { id: 820982911946154500 })).toThrow();
  });

  it("is refused when it may be of another topic, or has an invalid time", () => {
    expect(() => readOrderWebhook("orders/delete", { id: 12, myshopify_domain: "x" })).toThrow();
    const gid = "gid://shopify/Order/12";
    for (const updatedAt of ["garbage", "0000-01-01T00:00:00Z", "2026-13-01T00:00:00Z"]) {
      const body = { admin_graphql_api_id: gid, updated_at: updatedAt };
      expect(() => readOrderWebhook("orders/create", body)).toThrow();
    }
  });
});
