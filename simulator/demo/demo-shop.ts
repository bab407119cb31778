import type { SimCustomer, SimOrder } from "#simulator/state.ts";

/** A note of the loader on its data, such as how many rows it skipped and why. */
export type DemoNote = { label: string; count: number };

export type DemoShop = {
  name: string;
  currency: string;
  /** IANA name. */
  timeZone: string;
  /** By creation, oldest first. */
  customers: SimCustomer[];
  /** By processing time, oldest first. */
  orders: SimOrder[];
  notes: DemoNote[];
};

/** A (partial) refund of an order. Times are wall times (see time-zone.ts) until the shop is built. */
export type DraftRefund = { wallMs: number; amountMinor: number };

export type DraftOrder = {
  /** Key of the customer in the source; null for a guest. */
  customer: string | null;
  wallMs: number;
  amountMinor: number;
  refunds: DraftRefund[];
  /** Cancelled before shipping: refunded in full within about a day. */
  cancelled: boolean;
};

export type DraftCustomer = {
  key: string;
  /** The first row of this customer in the source, an order or a return. */
  firstSeenWallMs: number;
  country: string | null;
};

/** The properties of a shop besides its orders. */
export type ShopProfile = {
  name: string;
  currency: string;
  timeZone: string;
  /** Tags that the merchant added by hand, before any app was installed. */
  customerTags: readonly [string, ...string[]];
  orderTags: readonly [string, ...string[]];
  sources: readonly [string, ...string[]];
};

export type DraftShop = {
  profile: ShopProfile;
  customers: DraftCustomer[];
  orders: DraftOrder[];
  notes: DemoNote[];
};

export type DemoOptions = { now: Date; seed: number };
