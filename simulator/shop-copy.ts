import { openShop } from "#simulator/shops.ts";
import type { SimShop, Store } from "#simulator/state.ts";

/**
 * Opens a shop with the same customers and orders under another name: what an app would find that was
 * installed only now. Ids, tags and customers' metafields are the same; segments, definitions and the
 * installation are not copied.
 */
export function copyShop(store: Store, shop: SimShop, handle: string): SimShop {
  if (store.shops.has(`${handle}.myshopify.com`))
    throw new RangeError(`${handle} is there already`);
  const { name, currency, timeZone, plan } = shop;
  const copy = openShop(store, handle, {
    plan,
    data: {
      ...{ name, currency, timeZone },
      customers: [...shop.customers.values()].map((customer) => structuredClone(customer)),
      orders: [...shop.orders.values()].map((order) => structuredClone(order)),
      notes: [],
    },
  });
  copy.createdAt = shop.createdAt;
  return copy;
}
