import { forgetLists } from "#simulator/sorted-lists.ts";
import { gid, type SimCustomer, type SimShop, type Store } from "#simulator/state.ts";
import { normalizeTags, tagsError } from "#simulator/tags.ts";
import { customerBody, customerTagsEvent } from "#simulator/webhooks/customer-events.ts";

type Place = { store: Store; shop: SimShop };

type Person = Pick<SimCustomer, "firstName" | "lastName" | "email"> & Partial<SimCustomer>;

/** Creates a customer, without orders. */
export function createCustomer({ store, shop }: Place, person: Person): SimCustomer {
  const createdAt = store.clock.isoNow();
  const customer: SimCustomer = {
    tags: [],
    emailMarketingState: "NOT_SUBSCRIBED",
    country: null,
    locale: "en",
    ...person,
    id: store.nextId(),
    createdAt,
    updatedAt: createdAt,
    metafields: new Map(),
  };
  shop.customers.set(customer.id, customer);
  store.publish({ shop, topic: "customers/create", body: () => customerBody(shop, customer) });
  return customer;
}

/**
 * Moves orders and tags of one customer to another, as Shopify does; the kept customer gets the metafields
 * that it does not have yet. No `orders/updated` is sent: it is not documented that Shopify sends one. Throws
 * a RangeError if either is unknown, both are the same, or there would be too many tags.
 */
export function mergeCustomers({ store, shop }: Place, mergedId: string, keptId: string): void {
  const merged = shop.customers.get(mergedId);
  const kept = shop.customers.get(keptId);
  if (merged === undefined || kept === undefined || merged === kept) {
    throw new RangeError(`Customers ${mergedId} and ${keptId} cannot be merged`);
  }
  const tags = normalizeTags([...kept.tags, ...merged.tags]);
  const blocked = tagsError(tags);
  if (blocked !== undefined) throw new RangeError(blocked);
  const moved = shop.ordersByCustomer.get(mergedId) ?? [];
  for (const id of moved) {
    const order = shop.orders.get(id);
    if (order !== undefined) order.customerId = keptId;
  }
  shop.ordersByCustomer.set(keptId, [...(shop.ordersByCustomer.get(keptId) ?? []), ...moved]);
  shop.ordersByCustomer.delete(mergedId);
  shop.customers.delete(mergedId);
  forgetLists(shop.customers);
  const tagsBefore = kept.tags;
  kept.tags = tags;
  for (const [path, metafield] of merged.metafields) {
    if (!kept.metafields.has(path)) kept.metafields.set(path, metafield);
  }
  kept.updatedAt = store.clock.isoNow();
  const body = {
    admin_graphql_api_customer_kept_id: gid("Customer", keptId),
    admin_graphql_api_customer_deleted_id: gid("Customer", mergedId),
    admin_graphql_api_job_id: null,
    status: "completed",
    errors: [],
  };
  store.publish({ shop, topic: "customers/merge", body: () => body });
  customerTagsEvent({ store, shop }, kept, tagsBefore);
}

/** Throws a RangeError for a customer that is unknown or has orders. */
export function deleteCustomer(place: Place, customerId: string): void {
  if (!place.shop.customers.has(customerId))
    throw new RangeError(`No customer ${customerId} in ${place.shop.handle}`);
  const blocked = customerDeletion(place, customerId);
  if (blocked !== undefined) throw new RangeError(blocked);
}

/** Deletes an existing customer, or returns Shopify's message of why that is not possible. */
export function customerDeletion({ store, shop }: Place, customerId: string): string | undefined {
  if ((shop.ordersByCustomer.get(customerId) ?? []).length > 0) {
    return "Customer can’t be deleted because they have associated orders";
  }
  shop.customers.delete(customerId);
  forgetLists(shop.customers);
  const body = {
    id: Number(customerId),
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customerId),
  };
  store.publish({ shop, topic: "customers/delete", body: () => body });
  return undefined;
}
