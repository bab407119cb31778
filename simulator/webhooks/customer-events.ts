import { displayName } from "#simulator/customer-totals.ts";
import { gid, type SimCustomer, type SimShop, type Store } from "#simulator/state.ts";
import { localTime } from "#simulator/webhooks/local-time.ts";

type Place = { store: Store; shop: SimShop };

/** The REST shape since 2025-01: no tags, no order totals, no consent. */
export function customerBody(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return { ...customerInOrder(shop, customer), addresses: [] };
}

/** The customer of an order, without the list of addresses. */
export function customerInOrder(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return {
    id: Number(customer.id),
    created_at: localTime(customer.createdAt, shop.timeZone),
    updated_at: localTime(customer.updatedAt, shop.timeZone),
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
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
    ...(customer.country === null ? {} : { default_address: address(customer, customer.country) }),
  };
}

/** Only the country of a customer's address is known. */
function address(customer: SimCustomer, country: string): Record<string, unknown> {
  return {
    id: Number(customer.id),
    customer_id: Number(customer.id),
    first_name: customer.firstName,
    last_name: customer.lastName,
    company: null,
    address1: null,
    address2: null,
    city: null,
    province: null,
    country,
    zip: null,
    phone: null,
    name: displayName(customer),
    province_code: null,
    country_code: country,
    country_name: country,
    default: true,
  };
}

export function customerUpdated({ store, shop }: Place, customer: SimCustomer): void {
  store.publish({ shop, topic: "customers/update", body: () => customerBody(shop, customer) });
}

/** Sends webhooks for added and removed tags, after the customer has the new ones. */
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
