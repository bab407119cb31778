import { z } from "zod";

import { customerId, fromGid, orderId, type CustomerId, type OrderId } from "#app/lib/ids.ts";
import { isInstant } from "#app/shopify/incoming/webhook-headers.ts";

/** Topics that say that something about an order is new; what, Shopify is asked. */
export const orderTopics = [
  "orders/create",
  "orders/updated",
  "orders/paid",
  "orders/cancelled",
  "orders/edited",
  "orders/delete",
  "refunds/create",
] as const;
export type OrderTopic = (typeof orderTopics)[number];

/** Topics that say that a customer is no more; whether it is so, Shopify is asked. */
export const customerTopics = ["customers/delete", "customers/merge"] as const;
export type CustomerTopic = (typeof customerTopics)[number];

/** Topics that say that the shop's settings or grants are others; which, Shopify is asked. */
export const shopTopics = ["app/scopes_update", "shop/update"] as const;

/** All that a webhook about a customer is read for. */
export type CustomerWebhook = {
  /** Who is said to be gone. */
  customerId: CustomerId;
  /** Into whom merged; null when deleted. */
  into: CustomerId | null;
};

/** All that a webhook about an order is read for. */
export type OrderWebhook = {
  orderId: OrderId;
  /** ISO time of the version that the webhook tells of; null when it does not say. */
  updatedAt: string | null;
};

/** A number, or its digits where it exceeds 2^53. */
const id = z.union([z.int().nonnegative(), z.string()]).transform(String);
const time = z.string().refine(isInstant);

const order = z.object({ admin_graphql_api_id: z.string(), updated_at: time.nullish() });
/** Alone: a body of another topic may have an id of something else. */
const deleted = z.strictObject({ id });
const edited = z.object({ order_edit: z.object({ order_id: id }) });
const refund = z.object({ order_id: id });
const customer = z.object({ admin_graphql_api_id: z.string() });
const merge = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});

/** @throws ZodError or TypeError when the body is not one of that topic */
export function readOrderWebhook(topic: OrderTopic, body: unknown): OrderWebhook {
  if (topic === "orders/delete") return about(deleted.parse(body).id);
  if (topic === "orders/edited") return about(edited.parse(body).order_edit.order_id);
  if (topic === "refunds/create") return about(refund.parse(body).order_id);
  const { admin_graphql_api_id: gid, updated_at: updatedAt } = order.parse(body);
  return { orderId: orderId(fromGid("Order", gid)), updatedAt: updatedAt ?? null };
}

/** @throws ZodError or TypeError when the body is not one of that topic */
export function readCustomerWebhook(topic: CustomerTopic, body: unknown): CustomerWebhook {
  const parse = (gid: string) => customerId(fromGid("Customer", gid));
  if (topic === "customers/delete") {
    return { customerId: parse(customer.parse(body).admin_graphql_api_id), into: null };
  }
  const merged = merge.parse(body);
  return {
    customerId: parse(merged.admin_graphql_api_customer_deleted_id),
    into: parse(merged.admin_graphql_api_customer_kept_id),
  };
}

function about(number: string): OrderWebhook {
  return { orderId: orderId(number), updatedAt: null };
}
