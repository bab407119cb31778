import type { OrderExclusionReason } from "#app/orders/store/normalise.ts";

/**
 * Why an order does not count, the one included that only time can tell: its day is none on which
 * anybody can have bought. Tomorrow an order of a day to come may count.
 */
export type UncountedReason = OrderExclusionReason | "date";

/** What the figures rest on: the orders that count and those that do not. */
export type Basis = {
  /** All orders imported. */
  orders: number;
  /** Orders that count: not left out by a rule and with a customer. */
  countedOrders: number;
  /** Orders without a customer: counted here, not scored. */
  guestOrders: number;
  /** Named as it is stored with each run. */
  leftOut: { reason: UncountedReason; orders: number }[];
  /** Test orders that count, as they do in a development store alone; missing in older runs. */
  countedTests?: number;
  /** Customers that are not to be scored, and their orders, which would count otherwise. */
  excluded: { customers: number; orders: number };
  /** First and last purchase day of the orders that count, ISO dates; null without any. */
  firstDay: string | null;
  lastDay: string | null;
};
