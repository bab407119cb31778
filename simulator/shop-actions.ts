import { deleteCustomer, mergeCustomers } from "#simulator/customer-changes.ts";
import { addOrder, nextOrderNumber, orderChanged, removeOrder } from "#simulator/order-changes.ts";
import type { SimOrder, SimShop, Store } from "#simulator/state.ts";
import { orderEvent, refundEvent } from "#simulator/webhooks/order-events.ts";

type NewOrder = {
  /** Null for a guest. */
  customerId: string | null;
  amountMinor: number;
  test?: boolean;
  /** Default: paid. */
  pending?: boolean;
};

/** Actions in a shop outside the API: by a buyer, or by the merchant in the admin. */
export type ShopActions = {
  /** Throws a RangeError for an unknown customer or an amount that is not an integer ≥ 0. */
  placeOrder(shop: SimShop, order: NewOrder): SimOrder;
  /** Refunds `amountMinor`, or all that is left; throws a RangeError for more than that. */
  refundOrder(shop: SimShop, orderId: string, amountMinor?: number): SimOrder;
  /** Cancels an order with a full refund. */
  cancelOrder(shop: SimShop, orderId: string): SimOrder;
  /** Changes an order's total, as an edit by the merchant does. */
  editOrder(shop: SimShop, orderId: string, currentTotalMinor: number): SimOrder;
  /** Makes the Admin API return an invalid amount for an order, or a valid one again. */
  garbleOrder(shop: SimShop, orderId: string, garbled: boolean): SimOrder;
  deleteOrder(shop: SimShop, orderId: string): void;
  /** Moves everything of one customer to the other, and deletes the first. */
  mergeCustomers(shop: SimShop, customerId: string, keptId: string): void;
  /** Throws a RangeError for a customer with orders, as the admin refuses to delete one. */
  deleteCustomer(shop: SimShop, customerId: string): void;
  deleteSegment(shop: SimShop, segmentId: string): void;
};

export function shopActions(store: Store): ShopActions {
  const now = () => store.clock.isoNow();
  const changed = (shop: SimShop, order: SimOrder) => orderChanged({ store, shop }, order);
  const giveBack = (order: SimOrder, amountMinor: number) => {
    const refund = { id: store.nextId(), createdAt: now(), amountMinor };
    order.refunds.push(refund);
    order.currentTotalMinor -= amountMinor;
    order.financialStatus = order.currentTotalMinor === 0 ? "REFUNDED" : "PARTIALLY_REFUNDED";
    return refund;
  };

  return {
    placeOrder(shop, input) {
      return addOrder({ store, shop }, newOrder(store, shop, input));
    },
    refundOrder(shop, orderId, amountMinor) {
      const order = findOrder(shop, orderId);
      const amount = amountMinor ?? order.currentTotalMinor;
      if (!Number.isInteger(amount) || amount <= 0 || amount > order.currentTotalMinor) {
        throw new RangeError(
          `${order.name} has ${order.currentTotalMinor} left to refund, not ${amount}`,
        );
      }
      const refund = giveBack(order, amount);
      changed(shop, order);
      refundEvent({ store, shop }, order, refund);
      orderEvent({ store, shop }, order, ["orders/updated"]);
      return order;
    },
    cancelOrder(shop, orderId) {
      const order = findOrder(shop, orderId);
      if (order.cancelledAt !== null) throw new RangeError(`${order.name} is cancelled already`);
      order.cancelledAt = now();
      order.cancelReason = "CUSTOMER";
      const refund =
        order.currentTotalMinor > 0 ? giveBack(order, order.currentTotalMinor) : undefined;
      changed(shop, order);
      if (refund !== undefined) refundEvent({ store, shop }, order, refund);
      orderEvent({ store, shop }, order, ["orders/cancelled", "orders/updated"]);
      return order;
    },
    editOrder(shop, orderId, currentTotalMinor) {
      const order = findOrder(shop, orderId);
      checkAmount(currentTotalMinor);
      order.currentTotalMinor = currentTotalMinor;
      changed(shop, order);
      orderEvent({ store, shop }, order, ["orders/edited", "orders/updated"]);
      return order;
    },
    garbleOrder(shop, orderId, garbled) {
      const order = findOrder(shop, orderId);
      order.garbled = garbled;
      changed(shop, order);
      orderEvent({ store, shop }, order, ["orders/updated"]);
      return order;
    },
    deleteOrder(shop, orderId) {
      removeOrder({ store, shop }, findOrder(shop, orderId));
    },
    mergeCustomers: (shop, customerId, keptId) =>
      mergeCustomers({ store, shop }, customerId, keptId),
    deleteCustomer: (shop, customerId) => deleteCustomer({ store, shop }, customerId),
    deleteSegment(shop, segmentId) {
      if (!shop.segments.delete(segmentId)) throw new RangeError(`No segment ${segmentId}`);
    },
  };
}

function findOrder(shop: SimShop, orderId: string): SimOrder {
  const order = shop.orders.get(orderId);
  if (order === undefined) throw new RangeError(`No order ${orderId} in ${shop.handle}`);
  return order;
}

function checkAmount(amountMinor: number): void {
  if (!Number.isInteger(amountMinor) || amountMinor < 0) {
    throw new RangeError(`An amount is a whole number of minor units, not ${amountMinor}`);
  }
}

function newOrder(store: Store, shop: SimShop, input: NewOrder): SimOrder {
  checkAmount(input.amountMinor);
  if (input.customerId !== null && !shop.customers.has(input.customerId)) {
    throw new RangeError(`No customer ${input.customerId} in ${shop.handle}`);
  }
  const createdAt = store.clock.isoNow();
  return {
    id: store.nextId(),
    name: `#${nextOrderNumber(shop)}`,
    customerId: input.customerId,
    createdAt,
    processedAt: createdAt,
    updatedAt: createdAt,
    cancelledAt: null,
    cancelReason: null,
    // A checkout in a development store is a test order.
    test: input.test ?? shop.plan.partnerDevelopment,
    financialStatus: input.pending === true ? "PENDING" : "PAID",
    originalTotalMinor: input.amountMinor,
    currentTotalMinor: input.amountMinor,
    refunds: [],
    tags: [],
    sourceName: "web",
  };
}
