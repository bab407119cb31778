import type { SimBulkOperation, SimShop, Store } from "#simulator/state.ts";

/** What `GET /__simulator/state` shows: counts and settings of each shop, no customer data. */
export function stateView(store: Store, shop: SimShop | undefined) {
  const shops = shop === undefined ? [...store.shops.values()] : [shop];
  return {
    now: store.clock.isoNow(),
    app: { handle: store.app.handle, url: store.app.url, scopes: store.app.scopes },
    faults: store.faults.kinds,
    shops: shops.map((one) => ({
      domain: one.domain,
      name: one.name,
      currency: one.currency,
      timeZone: one.timeZone,
      plan: one.plan,
      installed: one.installed,
      customers: one.customers.size,
      orders: one.orders.size,
      segments: [...one.segments.values()],
      metafieldDefinitions: [...one.metafieldDefinitions.values()],
      customersByTag: tagCounts(one),
      metafields: [...one.customers.values()].reduce(
        (sum, { metafields }) => sum + metafields.size,
        0,
      ),
      bulkOperations: [...one.bulkOperations.values()].map(bulkView),
      throttle: { available: Math.floor(one.throttle.available), ...one.plan },
      notes: one.notes,
    })),
  };
}

function bulkView({ id, type, status, errorCode, objectCount }: SimBulkOperation) {
  return { id, type, status, errorCode, objectCount };
}

function tagCounts(shop: SimShop): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { tags } of shop.customers.values()) {
    for (const tag of tags) counts[tag] = (counts[tag] ?? 0) + 1;
  }
  return counts;
}
