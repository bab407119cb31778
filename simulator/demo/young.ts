import type { DraftShop } from "./demo-shop.ts";
import { draftFromInvoices, giftwareProfile } from "./giftware.ts";
import type { Invoice } from "./invoices.ts";
import { readInvoices } from "./invoices.ts";

const firstWeeks = 5;
const oneIn = 16;

/**
 * The first five weeks of one in sixteen customers of the gift shop: a shop that has just opened, with too few
 * customers and too short a history for any prediction.
 */
export async function draftYoung(): Promise<DraftShop> {
  const invoices = await readInvoices();
  const endWallMs = (invoices[0]?.wallMs ?? 0) + firstWeeks * 7 * 86_400_000;
  const slice = invoices.filter((invoice) => invoice.wallMs < endWallMs && inSlice(invoice));
  return draftFromInvoices({ ...giftwareProfile, name: "Wrenfield Gifts" }, slice);
}

function inSlice({ number, customer }: Invoice): boolean {
  return Number(customer ?? number.replace(/\D/g, "")) % oneIn === 3;
}
