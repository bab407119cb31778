import { ordersOf } from "#simulator/customer-totals.ts";
import type { SimCustomer, SimOrder, SimShop } from "#simulator/state.ts";

type Named = Pick<SimCustomer, "id" | "firstName" | "lastName">;

export function customerName(customer: Named): string {
  return `${customer.firstName} ${customer.lastName}`.trim() || `#${customer.id}`;
}

/** A suggestion in the order form: the name, and the id to find the customer by. */
export function customerReference(customer: Named): string {
  return `${customerName(customer)} (#${customer.id})`;
}

/** The customer of a form: by the id at the end of the reference, else by a unique full name. */
export function findByReference(shop: SimShop, reference: string): SimCustomer | undefined {
  const id = /#(\d+)\)?\s*$/.exec(reference)?.[1];
  if (id !== undefined) return shop.customers.get(id);
  const wanted = reference.trim().toLowerCase();
  const named = [...shop.customers.values()].filter(
    (customer) => customerName(customer).toLowerCase() === wanted,
  );
  return named.length === 1 ? named[0] : undefined;
}

/** Latest first. */
export function latestOrders(shop: SimShop, customerId: string): SimOrder[] {
  return byDateDescending(ordersOf(shop, customerId));
}

export function byDateDescending(orders: Iterable<SimOrder>): SimOrder[] {
  return [...orders].sort(
    (a, b) =>
      compare(b.processedAt, a.processedAt) || compare(b.id.padStart(20), a.id.padStart(20)),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Matches the name, the e-mail or a tag, ignoring case; `tag:x` requires exactly that tag. */
export function matchesSearch(customer: SimCustomer, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return true;
  if (wanted.startsWith("tag:")) {
    const tag = wanted.slice("tag:".length).trim();
    return customer.tags.some((own) => own.toLowerCase() === tag);
  }
  return [customerName(customer), customer.email ?? "", customer.id, ...customer.tags].some(
    (text) => text.toLowerCase().includes(wanted),
  );
}
