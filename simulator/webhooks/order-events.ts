import { fixedDecimal } from "#simulator/money.ts";
import { customerBody } from "#simulator/webhooks/customer-events.ts";
import { gid, type SimOrder, type SimRefund, type SimShop, type Store } from "#simulator/state.ts";

type Place = { store: Store; shop: SimShop };

type OrderTopic =
  | "orders/create"
  | "orders/updated"
  | "orders/paid"
  | "orders/cancelled"
  | "orders/edited"
  | "orders/delete";

function priceSet(shop: SimShop, minor: number) {
  const money = { amount: fixedDecimal(minor, shop.currency), currency_code: shop.currency };
  return { shop_money: money, presentment_money: money };
}

/** The REST shape of an order, with the members a reader of orders looks at. */
function orderBody(shop: SimShop, order: SimOrder): Record<string, unknown> {
  const current = fixedDecimal(order.currentTotalMinor, shop.currency);
  const original = fixedDecimal(order.originalTotalMinor, shop.currency);
  const number = Number(order.name.replace(/\D/g, ""));
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  return {
    id: Number(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    app_id: null,
    cancel_reason: order.cancelReason,
    cancelled_at: order.cancelledAt,
    closed_at: order.cancelledAt,
    confirmed: true,
    contact_email: customer?.email ?? null,
    created_at: order.createdAt,
    currency: shop.currency,
    current_subtotal_price: current,
    current_subtotal_price_set: priceSet(shop, order.currentTotalMinor),
    current_total_price: current,
    current_total_price_set: priceSet(shop, order.currentTotalMinor),
    customer_locale: customer?.locale ?? null,
    discount_codes: [],
    email: customer?.email ?? "",
    financial_status: order.financialStatus.toLowerCase(),
    fulfillment_status: "fulfilled",
    name: order.name,
    note: null,
    number,
    order_number: number,
    phone: null,
    presentment_currency: shop.currency,
    processed_at: order.processedAt,
    source_name: order.sourceName,
    subtotal_price: original,
    subtotal_price_set: priceSet(shop, order.originalTotalMinor),
    tags: order.tags.join(", "),
    test: order.test,
    total_outstanding:
      order.financialStatus === "PENDING" ? current : fixedDecimal(0, shop.currency),
    total_price: original,
    total_price_set: priceSet(shop, order.originalTotalMinor),
    updated_at: order.updatedAt,
    user_id: null,
    customer: customer === undefined ? null : customerBody(shop, customer),
    line_items: [],
    refunds: order.refunds.map((refund) => refundBody(shop, order, refund)),
  };
}

function refundBody(shop: SimShop, order: SimOrder, refund: SimRefund): Record<string, unknown> {
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    created_at: refund.createdAt,
    processed_at: refund.createdAt,
    note: null,
    user_id: null,
    duties: [],
    return: null,
    refund_shipping_lines: [],
    restock: false,
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: [],
    refund_line_items: [],
    transactions: [
      {
        kind: "refund",
        status: "success",
        order_id: Number(order.id),
        amount: fixedDecimal(refund.amountMinor, shop.currency),
        currency: shop.currency,
      },
    ],
  };
}

/** The body is made at once: it tells the order as it was when this happened. */
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
    store.publish({ shop, topic, body: () => bodyFor(shop, snapshot, topic) });
  }
}

function bodyFor(shop: SimShop, order: SimOrder, topic: OrderTopic): Record<string, unknown> {
  if (topic === "orders/delete") return { id: Number(order.id) };
  if (topic !== "orders/edited") return orderBody(shop, order);
  return {
    order_edit: {
      order_id: Number(order.id),
      committed_at: order.updatedAt,
      notify_customer: false,
    },
  };
}

export function refundEvent({ store, shop }: Place, order: SimOrder, refund: SimRefund): void {
  store.publish({ shop, topic: "refunds/create", body: () => refundBody(shop, order, refund) });
}
