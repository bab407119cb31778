import type { SimCustomer, SimOrder, SimShop } from "#simulator/state.ts";

/** A customer's orders, in the order they were added. */
export function ordersOf(shop: SimShop, customerId: string): SimOrder[] {
  return (shop.ordersByCustomer.get(customerId) ?? []).flatMap((id) => shop.orders.get(id) ?? []);
}

/** Test orders are not counted; a cancelled order still is one of the customer's orders. */
export function countedOrders(shop: SimShop, customerId: string): SimOrder[] {
  return ordersOf(shop, customerId).filter((order) => !order.test);
}

export type CustomerTotals = { orders: number; spentMinor: number; last: SimOrder | null };

/** What Shopify shows as number of orders and amount spent: after refunds, with cancelled orders as zero. */
export function customerTotals(shop: SimShop, customer: SimCustomer): CustomerTotals {
  const totals: CustomerTotals = { orders: 0, spentMinor: 0, last: null };
  for (const order of countedOrders(shop, customer.id)) {
    totals.orders += 1;
    if (order.cancelledAt === null) totals.spentMinor += order.currentTotalMinor;
    if (totals.last === null || order.processedAt >= totals.last.processedAt) totals.last = order;
  }
  return totals;
}

export function displayName(customer: SimCustomer): string {
  const name = `${customer.firstName} ${customer.lastName}`.trim();
  return name === "" ? (customer.email ?? customer.phone ?? "") : name;
}
