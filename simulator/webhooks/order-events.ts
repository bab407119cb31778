import type { SimOrder, SimRefund, SimShop, Store } from "#simulator/state.ts";
import { editBody, orderBody, refundBody } from "#simulator/webhooks/order-body.ts";

type Place = { store: Store; shop: SimShop };

type OrderTopic =
  | "orders/create"
  | "orders/updated"
  | "orders/paid"
  | "orders/cancelled"
  | "orders/edited"
  | "orders/delete";

/** The body has the order as it was at the event. */
export function orderEvent(
  { store, shop }: Place,
  order: SimOrder,
  topics: readonly OrderTopic[],
): void {
  for (const topic of topics) {
    const full = topic !== "orders/delete" && topic !== "orders/edited";
    const snapshot = full
      ? { ...order, refunds: [...order.refunds], tags: [...order.tags] }
      : order;
    const body = () => bodyFor({ store, shop }, snapshot, topic);
    store.publish({ shop, topic, body });
  }
}

function bodyFor(
  { store, shop }: Place,
  order: SimOrder,
  topic: OrderTopic,
): Record<string, unknown> {
  if (topic === "orders/delete") return { id: Number(order.id) };
  return topic === "orders/edited" ? editBody(shop, order, store.nextId()) : orderBody(shop, order);
}

export function refundEvent({ store, shop }: Place, order: SimOrder, refund: SimRefund): void {
  store.publish({ shop, topic: "refunds/create", body: () => refundBody(shop, order, refund) });
}
