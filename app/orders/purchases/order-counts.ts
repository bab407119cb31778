import type { OrderExclusionReason } from "#app/orders/store/normalise.ts";

/**
 * Why an order does not count. `date`, an impossible day, is decided at each reading and not
 * stored: an order dated in the future may count tomorrow.
 */
export type UncountedReason = OrderExclusionReason | "date";

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
  /** First and last purchase day of the orders that count, ISO dates; null without any. */
  firstDay: string | null;
  lastDay: string | null;
};
