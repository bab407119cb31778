import { simulateStore } from "#engine";
import { createRandom } from "#simulator/random.ts";

import type { DraftCustomer, DraftOrder, DraftShop, ShopProfile } from "./demo-shop.ts";

/** Time zones and currencies of the generated shops, in turn. */
const branches = [
  { currency: "EUR", timeZone: "Europe/Paris" },
  { currency: "USD", timeZone: "America/Los_Angeles" },
  { currency: "JPY", timeZone: "Asia/Tokyo" },
] as const;

const profile: ShopProfile = {
  name: "Marigold & Thyme",
  ...branches[0],
  customerTags: ["wholesale", "press", "ambassador"],
  orderTags: ["gift", "express", "pick-up"],
  sources: ["web", "web", "web", "web", "web", "web", "web", "shopify_draft_order", "pos"],
};

const dayMs = 86_400_000;
const daysOpen = 730;
const countries = ["FR", "FR", "FR", "FR", "BE", "CH", "DE", "ES", "IT", "NL"] as const;

type Size = { seed: number; customers: number; branch: number };

/**
 * A shop of two years from the engine's generator, for load tests: any number of customers, growing, without
 * refunds. The clock time within a day is drawn from the seed.
 */
export function draftGenerated({ seed, customers: customerCount, branch }: Size): DraftShop {
  const { purchases } = simulateStore({
    seed,
    customers: customerCount,
    startDay: 0,
    endDay: daysOpen,
    acquisition: "growing",
  });
  const random = createRandom(seed);
  const orders: DraftOrder[] = [];
  const customers: DraftCustomer[] = [];
  let newest = -1;
  purchases.customer.forEach((who, row) => {
    const wallMs = (purchases.day[row] ?? 0) * dayMs + 60_000 * (480 + random.integer(840));
    const key = String(who);
    const amountMinor = Math.max(1, Math.round((purchases.amount[row] ?? 0) * 100));
    orders.push({ customer: key, wallMs, amountMinor, refunds: [], cancelled: false });
    // Rows of one customer are adjacent, the first purchase first.
    if (who === newest) return;
    newest = who;
    customers.push({ key, firstSeenWallMs: wallMs, country: random.pick(countries) });
  });
  const place = branches[branch % branches.length];
  const notes = [{ label: "Orders", count: orders.length }];
  return { profile: { ...profile, ...place }, customers, orders, notes };
}
