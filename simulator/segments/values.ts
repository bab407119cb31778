import { countedOrders, type CustomerTotals, customerTotals } from "#simulator/customer-totals.ts";
import { minorDigits } from "#simulator/money.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

import type { Calendar } from "./calendar.ts";

/** The simulated shop's value of an attribute; dates are wall times, amounts in the shop's currency. */
export type Reader =
  | { kind: "number"; read: (customer: SimCustomer) => number | null }
  | { kind: "date"; read: (customer: SimCustomer) => number | null }
  | { kind: "text"; read: (customer: SimCustomer) => string | null }
  | { kind: "list"; read: (customer: SimCustomer) => readonly string[] };

const none = () => null;

/**
 * Readers of the attributes that the simulator implements. It has no abandoned checkouts, companies or phone
 * numbers, so those are missing for everyone. Cities, regions, account states, Shopify's own
 * predictions (`predicted_spend_tier`, `rfm_group`) and the like are not simulated and not here.
 *
 * Orders and amounts are counted as in the customer's own fields (customer-totals.ts): without test orders,
 * with cancelled ones as orders of zero, after refunds.
 */
export function attributeReaders(shop: SimShop, calendar: Calendar): Map<string, Reader> {
  const totals = remembered((customer) => customerTotals(shop, customer));
  const scale = 10 ** minorDigits(shop.currency);
  const wall = (iso: string | undefined) => (iso === undefined ? null : calendar.wallOf(iso));
  const readers: Record<string, Reader> = {
    abandoned_checkout_date: { kind: "date", read: none },
    amount_spent: { kind: "number", read: (customer) => totals(customer).spentMinor / scale },
    companies: { kind: "number", read: none },
    customer_added_date: { kind: "date", read: (customer) => wall(customer.createdAt) },
    customer_countries: {
      kind: "list",
      read: ({ country }) => (country === null ? [] : [country]),
    },
    customer_email_domain: { kind: "text", read: ({ email }) => email?.split("@").at(-1) ?? null },
    customer_language: { kind: "text", read: ({ locale }) => locale },
    customer_tags: { kind: "list", read: ({ tags }) => tags },
    email_subscription_status: {
      kind: "text",
      read: ({ email, emailMarketingState }) => (email === null ? null : emailMarketingState),
    },
    first_order_date: { kind: "date", read: (customer) => wall(firstOrder(shop, customer)) },
    last_order_date: {
      kind: "date",
      read: (customer) => wall(totals(customer).last?.processedAt),
    },
    number_of_orders: { kind: "number", read: (customer) => totals(customer).orders },
    sms_subscription_status: { kind: "text", read: none },
  };
  return new Map(Object.entries(readers));
}

function firstOrder(shop: SimShop, { id }: SimCustomer): string | undefined {
  let first: string | undefined;
  for (const { processedAt } of countedOrders(shop, id)) {
    if (first === undefined || processedAt < first) first = processedAt;
  }
  return first;
}

/** Several clauses test the same customer in a row; the orders are summed only once. */
function remembered(compute: (customer: SimCustomer) => CustomerTotals) {
  let last: { customer: SimCustomer; totals: CustomerTotals } | undefined;
  return (customer: SimCustomer): CustomerTotals => {
    if (last?.customer !== customer) last = { customer, totals: compute(customer) };
    return last.totals;
  };
}
