import type { SimCustomer, SimShop, Store } from "#simulator/state.ts";

/** A customer as segments still see it, in real time. */
type Seen = { customer: SimCustomer; isOver: () => boolean };

const seenIn = new WeakMap<SimShop, Map<string, Seen>>();

/**
 * To be called before a customer's tags or metafields change: during the lag segments still see the old ones,
 * and afterwards all changes made meanwhile.
 */
export function beforeChange(
  { store, shop }: { store: Store; shop: SimShop },
  customer: SimCustomer,
) {
  const { clock, settings } = store;
  if (settings.segmentLagMs === 0) return;
  const seen = seenIn.get(shop) ?? new Map<string, Seen>();
  seenIn.set(shop, seen);
  if (seen.get(customer.id)?.isOver() === false) return;
  const until = clock.monotonicMs() + settings.segmentLagMs;
  seen.set(customer.id, {
    customer: { ...customer, tags: [...customer.tags], metafields: new Map(customer.metafields) },
    isOver: () => clock.monotonicMs() >= until,
  });
}

/** The customer as segments see it now. */
export function seenBySegments(shop: SimShop, customer: SimCustomer): SimCustomer {
  const seen = seenIn.get(shop)?.get(customer.id);
  return seen === undefined || seen.isOver() ? customer : seen.customer;
}
