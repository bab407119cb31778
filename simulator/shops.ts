import { createHash } from "node:crypto";

import { type PlanName, plans } from "#simulator/plans.ts";
import type { SimCustomer, SimOrder, SimPlan, SimShop, Store } from "#simulator/state.ts";

type ShopData = {
  name: string;
  currency: string;
  timeZone: string;
  customers: readonly SimCustomer[];
  orders: readonly SimOrder[];
  notes: readonly { label: string; count: number }[];
};

/** A stable number for a shop's gid, from its handle. */
function shopId(handle: string): string {
  return String(
    60_000_000_000 + (createHash("sha256").update(handle).digest().readUInt32BE(0) >>> 0),
  );
}

/**
 * Opens a shop under `{handle}.myshopify.com` with the given data. A shop of that name is replaced, but the app
 * stays installed in it, with its tokens.
 */
export function openShop(
  store: Store,
  handle: string,
  options: { data: ShopData; plan: PlanName | SimPlan },
): SimShop {
  const { data } = options;
  const plan = typeof options.plan === "string" ? plans[options.plan] : options.plan;
  const ordersByCustomer = new Map<string, string[]>();
  for (const order of data.orders) {
    if (order.customerId === null) continue;
    const ids = ordersByCustomer.get(order.customerId);
    if (ids === undefined) ordersByCustomer.set(order.customerId, [order.id]);
    else ids.push(order.id);
  }
  const domain = `${handle}.myshopify.com`;
  const before = store.shops.get(domain);
  const shop: SimShop = {
    domain,
    handle,
    id: shopId(handle),
    name: data.name,
    currency: data.currency,
    timeZone: data.timeZone,
    plan,
    createdAt: data.orders[0]?.createdAt ?? store.clock.isoNow(),
    customers: new Map(data.customers.map((customer) => [customer.id, customer])),
    orders: new Map(data.orders.map((order) => [order.id, order])),
    ordersByCustomer,
    segments: new Map(),
    metafieldDefinitions: new Map(),
    otherMetafields: new Map(),
    bulkOperations: new Map(),
    stagedUploads: new Map(),
    segmentForms: { ...store.settings.segmentForms },
    throttle: { available: plan.maximumAvailable, at: store.clock.monotonicMs() },
    tokens: before?.tokens ?? new Map(),
    refreshTokens: before?.refreshTokens ?? new Map(),
    rotatedTokens: before?.rotatedTokens ?? new Set(),
    installed: before?.installed ?? false,
    uninstalledAt: before?.uninstalledAt ?? null,
    notes: [...data.notes],
  };
  store.shops.set(shop.domain, shop);
  return shop;
}
