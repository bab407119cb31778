import { z } from "zod";

import { type CustomerId, customerId, fromGid, type OrderId, orderId } from "#app/lib/ids.ts";
import { isInstant } from "#app/shopify/incoming/webhook-headers.ts";

/** Topics about a changed order; the change itself is fetched. */
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

/** Topics about a removed customer; whether that is true is checked with Shopify. */
export const customerTopics = ["customers/delete", "customers/merge"] as const;
export type CustomerTopic = (typeof customerTopics)[number];

/** Topics about changed settings or grants of the shop, which are fetched. */
export const shopTopics = ["app/scopes_update", "shop/update"] as const;

/** The part of a customer webhook that is read. */
export type CustomerWebhook = {
  /** The customer who was deleted or merged. */
  customerId: CustomerId;
  /** The customer they were merged into; null for a deletion. */
  into: CustomerId | null;
};

/** The part of an order webhook that is read. */
export type OrderWebhook = {
  orderId: OrderId;
  /** ISO time of the order's version; null when the body has none. */
  updatedAt: string | null;
};

/** A number, or its digits where it exceeds 2^53. */
const id = z.union([z.int().nonnegative(), z.string()]).transform(String);
const time = z.string().refine(isInstant);

const order = z.object({ admin_graphql_api_id: z.string(), updated_at: time.nullish() });
/** Strict: a body of another topic may have the id of something else. */
const deleted = z.strictObject({ id });
const edited = z.object({ order_edit: z.object({ order_id: id }) });
const refund = z.object({ order_id: id });
const customer = z.object({ admin_graphql_api_id: z.string() });
const merge = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});

/** @throws ZodError or TypeError when the body does not fit the topic */
export function readOrderWebhook(topic: OrderTopic, body: unknown): OrderWebhook {
  if (topic === "orders/delete") return about(deleted.parse(body).id);
  if (topic === "orders/edited") return about(edited.parse(body).order_edit.order_id);
  if (topic === "refunds/create") return about(refund.parse(body).order_id);
  const { admin_graphql_api_id: gid, updated_at: updatedAt } = order.parse(body);
  return { orderId: orderId(fromGid("Order", gid)), updatedAt: updatedAt ?? null };
}

/** @throws ZodError or TypeError when the body does not fit the topic */
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
