import type { SimCustomer, SimOrder } from "#simulator/state.ts";

/** Something the loader wants said about its data, such as how many rows it left out and why. */
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

/** A part of an order's money given back. Times are wall times (see time-zone.ts) until the shop is built. */
export type DraftRefund = { wallMs: number; amountMinor: number };

export type DraftOrder = {
  /** Key of the customer in the source; null for a guest. */
  customer: string | null;
  wallMs: number;
  amountMinor: number;
  refunds: DraftRefund[];
  /** Called off before it was sent: the whole money went back within a day or so. */
  cancelled: boolean;
};

export type DraftCustomer = {
  key: string;
  /** The first trace of this customer in the source, an order or a return. */
  firstSeenWallMs: number;
  country: string | null;
};

/** What differs from shop to shop besides its orders. */
export type ShopProfile = {
  name: string;
  currency: string;
  timeZone: string;
  /** Tags the merchant gave by hand, before any app came. */
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
