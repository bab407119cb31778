const EARLIEST = Date.parse("0001-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * A time as Shopify writes it: of a year with four digits, as the database can hold it.
 *
 * @returns null for anything else
 */
export function readTime(value: unknown): Date | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return ms >= EARLIEST && ms <= LATEST ? new Date(ms) : null;
}
