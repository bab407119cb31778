import type { SimShop, Store } from "#simulator/state.ts";

type Place = { store: Store; shop: SimShop };
type Redacted = { customerId: string; orderIds?: readonly string[] | undefined };

/** A customer's data request; for all of the customer's orders, unless some are given. */
export function dataRequested({ store, shop }: Place, asked: Redacted): void {
  const body = {
    ...aboutCustomer(shop, asked.customerId),
    orders_requested: orderNumbers(shop, asked),
    data_request: { id: Number(store.nextId()) },
  };
  store.publish({ shop, topic: "customers/data_request", body: () => body });
}

/** A request to erase a customer, who may already be deleted. */
export function customerRedacted({ store, shop }: Place, asked: Redacted): void {
  const body = {
    ...aboutCustomer(shop, asked.customerId),
    orders_to_redact: orderNumbers(shop, asked),
  };
  store.publish({ shop, topic: "customers/redact", body: () => body });
}

export function shopRedacted({ store, shop }: Place): void {
  store.publish({ shop, topic: "shop/redact", body: () => aboutShop(shop) });
}

function aboutShop(shop: SimShop) {
  return { shop_id: Number(shop.id), shop_domain: shop.domain };
}

function aboutCustomer(shop: SimShop, customerId: string) {
  const email = shop.customers.get(customerId)?.email ?? null;
  return { ...aboutShop(shop), customer: { id: Number(customerId), email, phone: null } };
}

function orderNumbers(shop: SimShop, { customerId, orderIds }: Redacted): number[] {
  return (orderIds ?? shop.ordersByCustomer.get(customerId) ?? []).map(Number);
}
