import { displayName } from "#simulator/customer-totals.ts";
import { gid, type SimCustomer, type SimShop, type Store } from "#simulator/state.ts";

type Place = { store: Store; shop: SimShop };

/** The REST shape since 2025-01: no tags, no order totals, no consent. */
export function customerBody(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return {
    id: Number(customer.id),
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: "disabled",
    note: null,
    verified_email: customer.email !== null,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: null,
    currency: shop.currency,
    addresses: [],
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
    default_address: {
      customer_id: Number(customer.id),
      name: displayName(customer),
      country_code: customer.country,
      default: true,
    },
  };
}

export function customerUpdated({ store, shop }: Place, customer: SimCustomer): void {
  store.publish({ shop, topic: "customers/update", body: () => customerBody(shop, customer) });
}

/** Tells which tags came and went, after the customer has its new ones. */
export function customerTagsEvent(
  place: Place,
  customer: SimCustomer,
  before: readonly string[],
): void {
  const { store, shop } = place;
  const had = new Set(before);
  const has = new Set(customer.tags);
  const added = customer.tags.filter((tag) => !had.has(tag));
  const removed = before.filter((tag) => !has.has(tag));
  const occurredAt = store.clock.now().toISOString();
  const body = (tags: string[]) => () => ({
    customerId: gid("Customer", customer.id),
    tags,
    occurredAt,
  });
  if (added.length > 0) store.publish({ shop, topic: "customer.tags_added", body: body(added) });
  if (removed.length > 0)
    store.publish({ shop, topic: "customer.tags_removed", body: body(removed) });
  customerUpdated(place, customer);
}
