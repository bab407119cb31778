import { openShop } from "#simulator/shops.ts";
import type { SimShop, Store } from "#simulator/state.ts";

/**
 * Opens a shop with the same customers and orders under another name, as a newly installed app would find it.
 * Ids, tags and customers' metafields are copied; segments, definitions and the installation are not.
 */
export function copyShop(store: Store, shop: SimShop, handle: string): SimShop {
  if (store.shops.has(`${handle}.myshopify.com`)) throw new RangeError(`${handle} already exists`);
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
