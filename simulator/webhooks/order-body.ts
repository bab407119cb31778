import { fixedDecimal } from "#simulator/money.ts";
import { gid, type SimOrder, type SimRefund, type SimShop } from "#simulator/state.ts";
import { customerInOrder } from "#simulator/webhooks/customer-events.ts";
import { localTime } from "#simulator/webhooks/local-time.ts";

type Body = Record<string, unknown>;

function priceSet(shop: SimShop, minor: number) {
  const money = { amount: fixedDecimal(minor, shop.currency), currency_code: shop.currency };
  return { shop_money: money, presentment_money: money };
}

/** `name` and `name_set` of one amount. */
function price(shop: SimShop, name: string, minor: number): Body {
  return {
    [name]: fixedDecimal(minor, shop.currency),
    [`${name}_set`]: priceSet(shop, minor),
  };
}

/** The REST shape of an order, with every member that Shopify's sample has. */
export function orderBody(shop: SimShop, order: SimOrder): Body {
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  const time = (iso: string | null) => (iso === null ? null : localTime(iso, shop.timeZone));
  const number = Number(order.name.replace(/\D/g, ""));
  return {
    ...untold,
    ...amounts(shop, order),
    id: Number(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    buyer_accepts_marketing: customer?.emailMarketingState === "SUBSCRIBED",
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    cancelled_at: time(order.cancelledAt),
    closed_at: time(order.cancelledAt),
    contact_email: customer?.email ?? null,
    created_at: time(order.createdAt),
    currency: shop.currency,
    customer_locale: customer?.locale ?? null,
    email: customer?.email ?? "",
    financial_status: order.financialStatus.toLowerCase(),
    name: order.name,
    number: number - 1000,
    order_number: number,
    order_status_url: `https://${shop.domain}/${shop.id}/orders/${order.id}/authenticate`,
    presentment_currency: shop.currency,
    processed_at: time(order.processedAt),
    source_name: order.sourceName,
    tags: order.tags.join(", "),
    test: order.test,
    token: order.id,
    updated_at: time(order.updatedAt),
    customer: customer === undefined ? null : customerInOrder(shop, customer),
    refunds: order.refunds.map((refund) => refundBody(shop, order, refund)),
  };
}

function amounts(shop: SimShop, order: SimOrder): Body {
  const unpaid = order.financialStatus === "PENDING" ? order.currentTotalMinor : 0;
  return {
    current_shipping_price_set: priceSet(shop, 0),
    ...price(shop, "current_subtotal_price", order.currentTotalMinor),
    ...price(shop, "current_total_discounts", 0),
    ...price(shop, "current_total_price", order.currentTotalMinor),
    ...price(shop, "current_total_tax", 0),
    ...price(shop, "subtotal_price", order.originalTotalMinor),
    total_cash_rounding_payment_adjustment_set: priceSet(shop, 0),
    total_cash_rounding_refund_adjustment_set: priceSet(shop, 0),
    ...price(shop, "total_discounts", 0),
    ...price(shop, "total_line_items_price", order.originalTotalMinor),
    total_outstanding: fixedDecimal(unpaid, shop.currency),
    ...price(shop, "total_price", order.originalTotalMinor),
    total_shipping_price_set: priceSet(shop, 0),
    ...price(shop, "total_tax", 0),
    total_tip_received: fixedDecimal(0, shop.currency),
  };
}

/** Fields of an order that the simulator does not model. */
const untold: Body = {
  app_id: null,
  browser_ip: null,
  cart_token: null,
  checkout_token: null,
  client_details: null,
  confirmation_number: null,
  confirmed: true,
  current_total_additional_fees_set: null,
  current_total_duties_set: null,
  device_id: null,
  discount_codes: [],
  duties_included: false,
  estimated_taxes: false,
  fulfillment_status: "fulfilled",
  landing_site: null,
  landing_site_ref: null,
  location_id: null,
  merchant_business_entity_id: "simulated",
  merchant_of_record_app_id: null,
  note: null,
  note_attributes: [],
  original_total_additional_fees_set: null,
  original_total_duties_set: null,
  payment_gateway_names: [],
  phone: null,
  po_number: null,
  reference: null,
  referring_site: null,
  source_identifier: null,
  source_url: null,
  tax_exempt: false,
  tax_lines: [],
  taxes_included: false,
  total_weight: 0,
  user_id: null,
  billing_address: null,
  discount_applications: [],
  fulfillments: [],
  line_items: [],
  payment_terms: null,
  shipping_address: null,
  shipping_lines: [],
  returns: [],
  line_item_groups: [],
};

export function refundBody(shop: SimShop, order: SimOrder, refund: SimRefund): Body {
  const createdAt = localTime(refund.createdAt, shop.timeZone);
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    created_at: createdAt,
    processed_at: createdAt,
    note: null,
    user_id: null,
    duties: [],
    total_duties_set: priceSet(shop, 0),
    return: null,
    refund_shipping_lines: [],
    restock: false,
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: [],
    refund_line_items: [],
    transactions: [refundTransaction(shop, order, { refund, createdAt })],
  };
}

function refundTransaction(
  shop: SimShop,
  order: SimOrder,
  { refund, createdAt }: { refund: SimRefund; createdAt: string },
): Body {
  const unsettled = { amount: "0.0", currency: "XXX" };
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    kind: "refund",
    gateway: "bogus",
    status: "success",
    message: "",
    created_at: createdAt,
    test: order.test,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: null,
    processed_at: createdAt,
    device_id: null,
    error_code: null,
    source_name: order.sourceName,
    receipt: {},
    amount: fixedDecimal(refund.amountMinor, shop.currency),
    currency: shop.currency,
    payment_id: `${order.name}.1`,
    total_unsettled_set: { presentment_money: unsettled, shop_money: unsettled },
    manual_payment_gateway: false,
    amount_rounding: null,
    admin_graphql_api_id: gid("OrderTransaction", refund.id),
  };
}

export function editBody(shop: SimShop, order: SimOrder, id: string): Body {
  const committedAt = localTime(order.updatedAt, shop.timeZone);
  const nothing = () => ({ additions: [], removals: [] });
  return {
    order_edit: {
      id: Number(id),
      app_id: null,
      created_at: committedAt,
      committed_at: committedAt,
      notify_customer: false,
      order_id: Number(order.id),
      staff_note: "",
      user_id: null,
      line_items: nothing(),
      discounts: { line_item: nothing() },
      shipping_lines: nothing(),
    },
  };
}
