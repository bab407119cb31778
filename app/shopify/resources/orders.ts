import { z } from "zod";

const exportedOrder = z.object({
  id: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullable(),
  test: z.boolean(),
  displayFinancialStatus: z.string().nullable(),
  currentTotalPriceSet: z.object({ shopMoney: z.object({ amount: z.string() }) }),
  sourceName: z.string().nullable(),
  tags: z.array(z.string()),
  customer: z.object({ id: z.string() }).nullable(),
});

/** One line of the orders export, as Shopify writes it. */
export type ExportedOrder = z.infer<typeof exportedOrder>;

/** @throws ZodError when the value is not an order with the fields of the export */
export function parseOrder(value: unknown): ExportedOrder {
  return exportedOrder.parse(value);
}

const EARLIEST = Date.parse("0001-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Parses a time of the years 1 to 9999, which the database can hold.
 *
 * @returns null for anything else
 */
export function readTime(value: unknown): Date | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return ms >= EARLIEST && ms <= LATEST ? new Date(ms) : null;
}
