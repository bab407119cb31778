import { customerTotals } from "./customer-totals.ts";
import type { SimCustomer, SimShop } from "./state.ts";

type Scores = { recency: number; frequency: number; monetary: number };

/** Computed once for all customers, and anew when something was ordered or changed. */
const known = new WeakMap<SimShop, { orders: number; scores: Map<string, Scores> }>();

/**
 * A customer's RFM group. Shopify scores recency, number of orders and spend by fifths of the shop's
 * customers, and groups by the first and the mean of the other two. Where exactly the groups meet is
 * not published with the API; the boundaries here follow the descriptions of the enum's values.
 */
export function rfmGroup(customer: SimCustomer, { shop }: { shop: SimShop }): string {
  const scores = scoresOf(shop).get(customer.id);
  if (scores === undefined) return "PROSPECTS";
  const { recency, frequency, monetary } = scores;
  const worth = (frequency + monetary) / 2;
  if (recency === 5) return worth >= 4 ? "CHAMPIONS" : worth >= 2 ? "ACTIVE" : "NEW";
  if (recency === 4) return worth >= 4 ? "LOYAL" : worth >= 2 ? "ACTIVE" : "PROMISING";
  if (recency === 3) return worth >= 4 ? "LOYAL" : worth >= 2 ? "NEEDS_ATTENTION" : "PROMISING";
  if (recency === 2) return worth >= 3 ? "AT_RISK" : "ALMOST_LOST";
  return worth >= 4 ? "PREVIOUSLY_LOYAL" : "DORMANT";
}

function scoresOf(shop: SimShop): Map<string, Scores> {
  const found = known.get(shop);
  if (found?.orders === shop.orders.size) return found.scores;
  const buyers = [...shop.customers.values()].flatMap((customer) => {
    const { orders, spentMinor, last } = customerTotals(shop, customer);
    return last === null ? [] : [{ id: customer.id, at: last.processedAt, orders, spentMinor }];
  });
  const recency = fifths(buyers.map(({ at }) => Date.parse(at)));
  const frequency = fifths(buyers.map(({ orders }) => orders));
  const monetary = fifths(buyers.map(({ spentMinor }) => spentMinor));
  const scores = new Map(
    buyers.map(({ id }, place) => [
      id,
      { recency: recency[place], frequency: frequency[place], monetary: monetary[place] },
    ]),
  );
  known.set(shop, { orders: shop.orders.size, scores });
  return scores;
}

/** 1 to 5 by fifths, 5 the highest; equal values share the fifth of the lowest of them. */
function fifths(values: number[]): number[] {
  const ascending = [...values].sort((left, right) => left - right);
  const place = new Map<number, number>();
  for (const [index, value] of ascending.entries()) if (!place.has(value)) place.set(value, index);
  return values.map((value) => 1 + Math.floor((5 * (place.get(value) ?? 0)) / values.length));
}
