import { countryCode } from "./countries.ts";
import type { DemoNote, DraftCustomer, DraftOrder, DraftShop, ShopProfile } from "./demo-shop.ts";
import type { Invoice } from "./invoices.ts";
import { readInvoices } from "./invoices.ts";
import { createMatcher } from "./reversals.ts";

export const giftwareProfile: ShopProfile = {
  name: "Thistlewick Giftware",
  currency: "GBP",
  timeZone: "Europe/London",
  customerTags: ["wholesale", "trade fair", "press", "newsletter prize"],
  orderTags: ["gift wrap", "express", "fragile"],
  sources: ["web", "web", "web", "web", "web", "web", "web", "shopify_draft_order", "pos"],
};

/** A real UK gift shop of 2009 and 2010 (data/SOURCES.md), with invented people. */
export async function draftGiftware(): Promise<DraftShop> {
  return draftFromInvoices(giftwareProfile, await readInvoices());
}

/** Reasons for skipping an invoice; each is counted in the shop's notes. */
const dropReasons = {
  stock: "Left out: stock adjustments without money",
  booking: "Left out: bad-debt bookings",
  guestReversal: "Left out: cancellations without a customer",
  unmatched: "Left out: cancellations without an earlier order to match",
} as const;

type DropReason = keyof typeof dropReasons;

/** Every invoice becomes an order, a refund or cancellation of an earlier one, or is skipped for one reason. */
export function draftFromInvoices(profile: ShopProfile, invoices: Invoice[]): DraftShop {
  const orders: DraftOrder[] = [];
  const dropped: Record<DropReason, number> = {
    stock: 0,
    booking: 0,
    guestReversal: 0,
    unmatched: 0,
  };
  const matcher = createMatcher();
  let reversals = 0;
  for (const invoice of invoices) {
    const { customer, wallMs, amountMinor } = invoice;
    const reason = reasonToDrop(invoice);
    if (reason !== null) {
      dropped[reason] += 1;
    } else if (amountMinor > 0) {
      const order = { customer, wallMs, amountMinor, refunds: [], cancelled: false };
      orders.push(order);
      matcher.add(order);
    } else if (customer !== null) {
      const order = matcher.reverse({ customer, wallMs, amountMinor: -amountMinor });
      if (order === null) dropped.unmatched += 1;
      else reversals += 1;
    }
  }
  const notes = [
    { label: "Invoices read", count: invoices.length },
    ...countOrders(orders),
    { label: "Refunds and cancellations matched to an order", count: reversals },
    ...Object.entries(dropReasons).map(([reason, label]) => ({
      label,
      count: countOf(dropped, reason),
    })),
  ];
  return { profile, customers: draftCustomers(invoices), orders, notes };
}

function countOf(counts: Record<string, number>, reason: string): number {
  return counts[reason] ?? 0;
}

function reasonToDrop({ number, customer, amountMinor }: Invoice): DropReason | null {
  if (number.startsWith("A")) return "booking";
  if (amountMinor === 0) return "stock";
  // One C invoice without a customer has a positive amount: it is no sale either.
  const reversal = number.startsWith("C") || amountMinor < 0;
  return reversal && customer === null ? "guestReversal" : null;
}

function countOrders(orders: DraftOrder[]): DemoNote[] {
  const count = (test: (order: DraftOrder) => boolean) => orders.filter(test).length;
  const refunded = (order: DraftOrder) =>
    order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
  return [
    { label: "Orders", count: orders.length },
    { label: "Orders of guests", count: count((order) => order.customer === null) },
    { label: "Orders cancelled", count: count((order) => order.cancelled) },
    {
      label: "Orders refunded in full",
      count: count((order) => !order.cancelled && refunded(order) === order.amountMinor),
    },
    {
      label: "Orders refunded in part",
      count: count((order) => refunded(order) > 0 && refunded(order) < order.amountMinor),
    },
  ];
}

/** Everybody with an invoice is a customer, even with only a return; the last country applies. */
function draftCustomers(invoices: Invoice[]): DraftCustomer[] {
  const byKey = new Map<string, DraftCustomer>();
  for (const { customer, wallMs, countryName } of invoices) {
    if (customer === null) continue;
    const country = countryCode(countryName);
    const known = byKey.get(customer);
    if (known === undefined)
      byKey.set(customer, { key: customer, firstSeenWallMs: wallMs, country });
    else known.country = country ?? known.country;
  }
  return [...byKey.values()];
}
