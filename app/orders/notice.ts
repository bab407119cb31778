import { z } from "zod";

import { fromGid, orderId, type OrderId } from "#app/ids.ts";

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

/** All that a webhook about an order is read for. */
export type OrderNotice = {
  orderId: OrderId;
  /** ISO time of the version that the webhook tells of; null when it does not say. */
  updatedAt: string | null;
};

/** A number, or its digits where it exceeds 2^53. */
const id = z.union([z.int().nonnegative(), z.string()]).transform(String);
const time = z.iso.datetime({ offset: true });

const order = z.object({ admin_graphql_api_id: z.string(), updated_at: time.nullish() });
const deleted = z.object({ id });
const edited = z.object({ order_edit: z.object({ order_id: id }) });
const refund = z.object({ order_id: id });

export function isOrderTopic(topic: string): topic is OrderTopic {
  return orderTopics.some((known) => known === topic);
}

/** @throws ZodError or TypeError when the body is not one of that topic */
export function readNotice(topic: OrderTopic, body: unknown): OrderNotice {
  if (topic === "orders/delete") return about(deleted.parse(body).id);
  if (topic === "orders/edited") return about(edited.parse(body).order_edit.order_id);
  if (topic === "refunds/create") return about(refund.parse(body).order_id);
  const { admin_graphql_api_id: gid, updated_at: updatedAt } = order.parse(body);
  return { orderId: orderId(fromGid("Order", gid)), updatedAt: updatedAt ?? null };
}

function about(number: string): OrderNotice {
  return { orderId: orderId(number), updatedAt: null };
}
