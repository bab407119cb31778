import { dayMs } from "#simulator/clock.ts";
import { notImplemented } from "#simulator/graphql/errors.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { orderOwner } from "#simulator/metafields/owners.ts";
import { ownerMetafield, ownerMetafields } from "#simulator/metafields/reads.ts";
import { fixedDecimal, money, moneyBag } from "#simulator/money.ts";
import { receivedBy } from "#simulator/order-input.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import {
  countOf,
  filtered,
  type Listing,
  listingConnection,
} from "#simulator/resolvers/listing.ts";
import {
  gid,
  type SimOrder,
  type SimRefund,
  type SimShop,
  type SimTransaction,
} from "#simulator/state.ts";

/** Without `read_all_orders` an app can read the orders of this many days. */
const visibleDays = 60;

export function orderVisible(order: SimOrder, { scopes, store }: RequestContext): boolean {
  if (scopes.has("read_all_orders")) return true;
  return Date.parse(order.createdAt) >= store.clock.now().getTime() - visibleDays * dayMs;
}

const financialStatuses = [
  "paid",
  "pending",
  "authorized",
  "partially_paid",
  "partially_refunded",
  "refunded",
  "voided",
  "expired",
];

function orderListing(shop: SimShop, context: RequestContext): Listing<SimOrder> {
  return {
    name: "orders",
    items: () => visibleOrders(shop, context),
    id: (order) => order.id,
    defaultSortKey: "PROCESSED_AT",
    whole: context.scopes.has("read_all_orders") ? shop.orders : undefined,
    fixedKeys: ["ID", "CREATED_AT", "PROCESSED_AT"],
    sortValues: {
      ID: (order) => Number(order.id),
      CREATED_AT: (order) => Date.parse(order.createdAt),
      PROCESSED_AT: (order) => Date.parse(order.processedAt),
      UPDATED_AT: (order) => Date.parse(order.updatedAt),
      ORDER_NUMBER: orderNumber,
      TOTAL_PRICE: (order) => order.currentTotalMinor,
      FINANCIAL_STATUS: (order) => order.financialStatus,
      CURRENT_TOTAL_PRICE: (order) => order.currentTotalMinor,
    },
    search: {
      text: (order) => [order.name, ...order.tags],
      fields: {
        id: { kind: "number", get: (order) => Number(order.id) },
        name: { kind: "text", get: (order) => order.name.replace("#", "") },
        customer_id: { kind: "text", get: (order) => order.customerId },
        created_at: { kind: "date", get: (order) => order.createdAt },
        processed_at: { kind: "date", get: (order) => order.processedAt },
        updated_at: { kind: "date", get: (order) => order.updatedAt },
        test: { kind: "boolean", get: (order) => order.test },
        tag: { kind: "list", get: (order) => order.tags },
        source_name: { kind: "text", get: (order) => order.sourceName },
        financial_status: {
          kind: "enum",
          accepted: financialStatuses,
          get: (order) => order.financialStatus,
        },
        status: { kind: "enum", accepted: ["open", "cancelled", "any"], get: orderStatus },
        current_total_price: { kind: "number", get: (order) => order.currentTotalMinor / 100 },
      },
    },
  };
}

function* visibleOrders(shop: SimShop, context: RequestContext): Iterable<SimOrder> {
  for (const order of shop.orders.values()) if (orderVisible(order, context)) yield order;
}

function orderNumber(order: SimOrder): number {
  return Number(order.name.replace(/\D/g, ""));
}

function orderStatus(order: SimOrder): string {
  return order.cancelledAt === null ? "open" : "cancelled";
}

function refundedMinor(order: SimOrder): number {
  return order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
}

/** The amount received for an order: zero while payment is pending or was voided. */
function receivedMinor(order: SimOrder): number {
  if (order.transactions?.length) return receivedBy(order.transactions);
  const unpaid = ["PENDING", "AUTHORIZED", "VOIDED", "EXPIRED"];
  return unpaid.includes(order.financialStatus) ? 0 : order.originalTotalMinor;
}

type Bag = (order: SimOrder) => number;

const bag =
  (amount: Bag) =>
  (order: SimOrder, _: unknown, { shop }: RequestContext) =>
    moneyBag(amount(order), shop.currency);

function capturableMinor(order: SimOrder): number {
  return order.financialStatus === "AUTHORIZED" ? order.currentTotalMinor : 0;
}

/** The amount that is neither paid nor pending. */
function outstandingMinor(order: SimOrder): number {
  if (order.cancelledAt !== null || capturableMinor(order) > 0) return 0;
  const left = order.currentTotalMinor - receivedMinor(order) + refundedMinor(order);
  return ["PENDING", "PARTIALLY_PAID"].includes(order.financialStatus) ? left : 0;
}

const payments: ResolverMap[string] = {
  capturable: (order: SimOrder) => capturableMinor(order) > 0,
  totalCapturable: (order: SimOrder, _, { shop }) =>
    fixedDecimal(capturableMinor(order), shop.currency),
  totalCapturableSet: bag(capturableMinor),
  totalOutstandingSet: bag(outstandingMinor),
  paymentGatewayNames: ({ transactions = [] }: SimOrder) => [
    ...new Set(transactions.map(({ gateway }) => gateway)),
  ],
  transactions: (order: SimOrder) => {
    if (order.transactions === undefined)
      throw notImplemented("Order", "transactions of a checkout");
    return order.transactions;
  },
};

export const orders: ResolverMap = {
  QueryRoot: {
    order: (_: null, { id }: { id: string }, context) => {
      const order = context.shop.orders.get(idOf(id, "Order"));
      return order !== undefined && orderVisible(order, context) ? order : null;
    },
    orders: (_: null, args: SortedPageArguments, context) =>
      listingConnection(orderListing(context.shop, context), args, context),
    ordersCount: (_: null, args: { query?: string | null; limit?: number | null }, context) =>
      countOf(
        filtered(orderListing(context.shop, context), args.query, context).length,
        args.limit,
      ),
  },
  Order: {
    id: (order: SimOrder) => gid("Order", order.id),
    legacyResourceId: (order: SimOrder) => order.id,
    number: orderNumber,
    customer: (order: SimOrder, _, { shop }) =>
      order.customerId === null ? null : (shop.customers.get(order.customerId) ?? null),
    email: (order: SimOrder, _, { shop }) =>
      order.email ?? (order.customerId && shop.customers.get(order.customerId)?.email) ?? null,
    closedAt: (order: SimOrder) => order.cancelledAt,
    closed: (order: SimOrder) => order.cancelledAt !== null,
    confirmed: () => true,
    edited: () => false,
    note: (order: SimOrder) => order.note ?? null,
    ...payments,
    displayFinancialStatus: (order: SimOrder) => order.financialStatus,
    displayFulfillmentStatus: () => "FULFILLED",
    fullyPaid: (order: SimOrder) => receivedMinor(order) > 0,
    unpaid: (order: SimOrder) => receivedMinor(order) === 0,
    currencyCode: (_order, _, { shop }) => shop.currency,
    presentmentCurrencyCode: (_order, _, { shop }) => shop.currency,
    currentTotalPriceSet: (order: SimOrder, _, { shop }) => {
      const bags = moneyBag(order.currentTotalMinor, shop.currency);
      if (order.garbled !== true) return bags;
      const shopMoney = { ...bags.shopMoney, amount: "garbled" };
      return { ...bags, shopMoney };
    },
    currentSubtotalPriceSet: bag((order) => order.currentTotalMinor),
    totalPriceSet: bag((order) => order.originalTotalMinor),
    originalTotalPriceSet: bag((order) => order.originalTotalMinor),
    totalReceivedSet: bag(receivedMinor),
    totalRefundedSet: bag(refundedMinor),
    netPaymentSet: bag((order) => receivedMinor(order) - refundedMinor(order)),
    subtotalLineItemsQuantity: () => 1,
    refunds: (order: SimOrder, { first }: { first?: number | null }) =>
      (typeof first === "number" ? order.refunds.slice(0, first) : order.refunds).map((refund) => ({
        ...refund,
        order,
      })),
    customAttributes: () => [],
    app: () => null,
    attribution: () => null,
    publication: () => null,
    metafield: (order: SimOrder, args: { namespace?: string | null; key: string }, context) =>
      ownerMetafield(orderOwner(context.shop, order), args, context),
    metafields: (
      order: SimOrder,
      args: SortedPageArguments & { namespace?: string; keys?: string[] },
      context,
    ) => ownerMetafields(orderOwner(context.shop, order), args, context),
  },
  OrderTransaction: {
    id: ({ id }: SimTransaction) => gid("OrderTransaction", id),
    amountSet: ({ amountMinor }: SimTransaction, _, { shop }) =>
      moneyBag(amountMinor, shop.currency),
    parentTransaction: () => null,
  },
  Refund: {
    id: (refund: SimRefund) => gid("Refund", refund.id),
    legacyResourceId: (refund: SimRefund) => refund.id,
    processedAt: (refund: SimRefund) => refund.createdAt,
    updatedAt: (refund: SimRefund) => refund.createdAt,
    note: () => null,
    totalRefundedSet: (refund: SimRefund, _, { shop }) =>
      moneyBag(refund.amountMinor, shop.currency),
    totalRefunded: (refund: SimRefund, _, { shop }) => money(refund.amountMinor, shop.currency),
  },
};
