/** Why an order does not count. */
export const leftOutReasons = ["test", "cancelled", "voided", "zero"] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** What the figures rest on: the orders that count and those that do not. */
export type Basis = {
  /** All orders imported. */
  orders: number;
  /** Orders that count: not left out by a rule and with a customer. */
  countedOrders: number;
  /** Orders without a customer: counted here, not scored. */
  guestOrders: number;
  leftOut: { reason: LeftOutReason; orders: number }[];
  /** Customers that are not to be scored, and their orders, which would count otherwise. */
  excluded: { customers: number; orders: number };
  /** First and last purchase day of the orders that count, ISO dates; null without any. */
  firstDay: string | null;
  lastDay: string | null;
};
