import type { OrderExclusionReason } from "#app/orders/store/normalise.ts";
import type { OrderRules } from "#app/orders/store/order-rules.ts";

/**
 * Why an order does not count. `date`, an impossible day, is decided at each reading and not
 * stored: an order dated in the future may count tomorrow. So is `rule`: one of the merchant's rules.
 */
export type UncountedReason = OrderExclusionReason | "date" | "rule";

/** Order counts: what the figures rest on. */
export type Basis = {
  /** All orders imported. */
  orders: number;
  /** Orders that count: without an exclusion reason, and of a scored customer. */
  countedOrders: number;
  /** Orders without a customer: counted here, not scored. */
  guestOrders: number;
  /** By exclusion reason. The name is the stored one. */
  leftOut: { reason: UncountedReason; orders: number }[];
  /** Test orders that count, which they do only in a development store; missing in older runs. */
  countedTests?: number;
  /** Excluded customers, and their orders that would count otherwise. */
  excluded: { customers: number; orders: number };
  /** The merchant's rules, when there were any. */
  rules?: OrderRules;
  /** First and last purchase day of the orders that count, ISO dates; null without any. */
  firstDay: string | null;
  lastDay: string | null;
};

/** Orders that count, and customers who have one. */
export type CountedTotals = { orders: number; customers: number };
