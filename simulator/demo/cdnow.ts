import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { createRandom } from "#simulator/random.ts";

import type { DraftCustomer, DraftOrder, DraftShop, ShopProfile } from "./demo-shop.ts";

const unzip = promisify(gunzip);
const source = new URL("../../data/CDNOW_master.txt.gz", import.meta.url);

const profile: ShopProfile = {
  name: "Copperlark Records",
  currency: "USD",
  timeZone: "America/New_York",
  customerTags: ["fan club", "press", "pre-order list"],
  orderTags: ["pre-order", "gift", "bonus disc"],
  sources: ["web", "web", "web", "web", "web", "web", "web", "web", "web", "pos"],
};

const openingHour = 8;
const hoursOpen = 14;

/**
 * The CDNOW cohort of 1997 (data/SOURCES.md): every customer who first bought in the first quarter, until
 * the end of June 1998. The source has days only; the clock time within a day is drawn from the seed.
 */
export async function draftCdnow(seed: number): Promise<DraftShop> {
  const text = (await unzip(await readFile(source))).toString("utf8");
  const random = createRandom(seed);
  const orders: DraftOrder[] = [];
  const customers = new Map<string, DraftCustomer>();
  for (const row of text.trimEnd().split("\n").slice(1)) {
    const purchase = parsePurchase(row);
    const minute = openingHour * 60 + random.integer(hoursOpen * 60);
    const wallMs = purchase.dayMs + minute * 60_000;
    const { customer, amountMinor } = purchase;
    orders.push({ customer, wallMs, amountMinor, refunds: [], cancelled: false });
    const known = customers.get(customer);
    if (known === undefined)
      customers.set(customer, { key: customer, firstSeenWallMs: wallMs, country: "US" });
    else known.firstSeenWallMs = Math.min(known.firstSeenWallMs, wallMs);
  }
  const notes = [
    { label: "Purchases read", count: orders.length },
    { label: "Orders", count: orders.length },
    {
      label: "Orders without money",
      count: orders.filter((order) => order.amountMinor === 0).length,
    },
  ];
  return { profile, customers: [...customers.values()], orders, notes };
}

/** A row is: customer, yyyymmdd, number of CDs, dollars. */
function parsePurchase(row: string): { customer: string; dayMs: number; amountMinor: number } {
  const [customer = "", day = "", , dollars = ""] = row.trim().split(/\s+/);
  const dayMs = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`);
  const amountMinor = Math.round(Number(dollars) * 100);
  if (customer === "" || dollars === "" || Number.isNaN(dayMs) || Number.isNaN(amountMinor)) {
    throw new Error(`${source.pathname} has an invalid row: "${row}"`);
  }
  return { customer, dayMs, amountMinor };
}
