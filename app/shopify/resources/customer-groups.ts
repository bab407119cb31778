import { z } from "zod";

import { numberIn } from "#app/lib/ids.ts";
import { readJson } from "#app/lib/line-splitter.ts";

/** Shopify's RFM groups of customers who ordered, in the order of its documentation. */
export const rfmGroups = [
  "CHAMPIONS",
  "LOYAL",
  "ACTIVE",
  "NEW",
  "PROMISING",
  "NEEDS_ATTENTION",
  "AT_RISK",
  "PREVIOUSLY_LOYAL",
  "ALMOST_LOST",
  "DORMANT",
  "PROSPECTS",
] as const;
export type RfmGroup = (typeof rfmGroups)[number];

/** Shopify's prediction of a customer's spend in the next year. */
export const spendTiers = ["HIGH", "MEDIUM", "LOW"] as const;
export type SpendTier = (typeof spendTiers)[number];

/** Shopify's own groups of a customer; null where it gives none. */
export type CustomerGroups = {
  customerId: string;
  rfmGroup: RfmGroup | null;
  spendTier: SpendTier | null;
};

const line = z.object({
  id: z.string(),
  statistics: z.object({
    // A group that was added later counts as none.
    rfmGroup: z.enum(rfmGroups).nullable().catch(null),
    predictedSpendTier: z.enum(spendTiers).nullable().catch(null),
  }),
});

/** @returns null when the line cannot be read */
export function readCustomerGroups(text: string): CustomerGroups | null {
  const { data: read } = line.safeParse(readJson(text));
  const customerId = numberIn("Customer", read?.id);
  if (read === undefined || customerId === null) return null;
  const { rfmGroup, predictedSpendTier: spendTier } = read.statistics;
  return { customerId, rfmGroup, spendTier };
}
