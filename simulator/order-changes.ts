import { forgetLists } from "#simulator/sorted-lists.ts";
import type { SimOrder, SimShop, Store } from "#simulator/state.ts";
import { customerUpdated } from "#simulator/webhooks/customer-events.ts";
import { orderEvent } from "#simulator/webhooks/order-events.ts";

type Place = { store: Store; shop: SimShop };

/** To be called when an order has changed: updates its customer too. */
export function orderChanged({ store, shop }: Place, order: SimOrder): void {
  order.updatedAt = store.clock.isoNow();
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  if (customer === undefined) return;
  customer.updatedAt = order.updatedAt;
  customerUpdated({ store, shop }, customer);
}

export function addOrder(place: Place, order: SimOrder): SimOrder {
  const { shop } = place;
  shop.orders.set(order.id, order);
  if (order.customerId !== null) {
    const ids = shop.ordersByCustomer.get(order.customerId);
    if (ids === undefined) shop.ordersByCustomer.set(order.customerId, [order.id]);
    else ids.push(order.id);
  }
  orderChanged(place, order);
  const paid = order.financialStatus === "PAID" ? (["orders/paid"] as const) : [];
  orderEvent(place, order, ["orders/create", ...paid, "orders/updated"]);
  return order;
}

export function removeOrder(place: Place, order: SimOrder): void {
  const { shop } = place;
  shop.orders.delete(order.id);
  forgetLists(shop.orders);
  const ids = order.customerId === null ? undefined : shop.ordersByCustomer.get(order.customerId);
  if (ids !== undefined) ids.splice(ids.indexOf(order.id), 1);
  orderChanged(place, order);
  orderEvent(place, order, ["orders/delete"]);
}

const lastNumbers = new WeakMap<SimShop, number>();

/** The number of the next order, as in `#1001`. */
export function nextOrderNumber(shop: SimShop): number {
  let last = lastNumbers.get(shop);
  if (last === undefined) {
    last = 1000;
    for (const { name } of shop.orders.values())
      last = Math.max(last, Number(name.replace(/\D/g, "")));
  }
  lastNumbers.set(shop, last + 1);
  return last + 1;
}
