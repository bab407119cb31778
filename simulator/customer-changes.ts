import { forgetLists } from "#simulator/kept-lists.ts";
import { gid, type SimShop, type Store } from "#simulator/state.ts";
import { customerUpdated } from "#simulator/webhooks/customer-events.ts";

type Place = { store: Store; shop: SimShop };

/** Throws a RangeError if either is unknown, or both are one. */
export function mergeCustomers(
  { store, shop }: { store: Store; shop: SimShop },
  goneId: string,
  keptId: string,
) {
  const gone = shop.customers.get(goneId);
  const kept = shop.customers.get(keptId);
  if (gone === undefined || kept === undefined || gone === kept) {
    throw new RangeError(`Customers ${goneId} and ${keptId} cannot be merged`);
  }
  const moved = shop.ordersByCustomer.get(goneId) ?? [];
  for (const id of moved) {
    const order = shop.orders.get(id);
    if (order !== undefined) order.customerId = keptId;
  }
  shop.ordersByCustomer.set(keptId, [...(shop.ordersByCustomer.get(keptId) ?? []), ...moved]);
  shop.ordersByCustomer.delete(goneId);
  shop.customers.delete(goneId);
  forgetLists(shop.customers);
  kept.updatedAt = store.clock.isoNow();
  const body = {
    admin_graphql_api_customer_kept_id: gid("Customer", keptId),
    admin_graphql_api_customer_deleted_id: gid("Customer", goneId),
    admin_graphql_api_job_id: null,
    status: "completed",
    errors: [],
  };
  store.publish({ shop, topic: "customers/merge", body: () => body });
  customerUpdated({ store, shop }, kept);
}

/** Throws a RangeError for a customer who is unknown or has orders. */
export function deleteCustomer({ store, shop }: Place, customerId: string): void {
  if (!shop.customers.has(customerId))
    throw new RangeError(`No customer ${customerId} in ${shop.handle}`);
  if ((shop.ordersByCustomer.get(customerId) ?? []).length > 0) {
    throw new RangeError("Customer can’t be deleted because they have associated orders");
  }
  shop.customers.delete(customerId);
  forgetLists(shop.customers);
  const body = {
    id: Number(customerId),
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customerId),
  };
  store.publish({ shop, topic: "customers/delete", body: () => body });
}
