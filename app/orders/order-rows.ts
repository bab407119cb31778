import type { StoredOrder } from "./normalise.ts";

/** The columns of `orders` that an import writes, in the order of {@link orderRow}. */
export const orderColumns = [
  "order_id",
  "customer_id",
  "processed_at",
  "updated_at",
  "day",
  "amount_minor",
  "financial_status",
  "cancelled_at",
  "test",
  "channel",
  "tags",
  "left_out",
] as const;

/** One line in the text format of PostgreSQL's COPY. */
export function orderRow(order: StoredOrder): string {
  return `${[
    order.orderId,
    field(order.customerId),
    order.processedAt,
    order.updatedAt,
    isoDay(order.day),
    String(order.amountMinor),
    field(order.financialStatus),
    field(order.cancelledAt),
    order.test ? "t" : "f",
    field(order.channel),
    field(arrayLiteral(order.tags)),
    field(order.leftOut),
  ].join("\t")}\n`;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function field(value: string | null): string {
  if (value === null) return "\\N";
  // PostgreSQL's text cannot hold a NUL.
  const text = value.includes("\0") ? value.replaceAll("\0", "") : value;
  return SPECIAL.test(text)
    ? text.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? "")
    : text;
}

function arrayLiteral(values: string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

const days = new Map<number, string>();

function isoDay(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * 86_400_000).toISOString().slice(0, 10);
    days.set(day, text);
  }
  return text;
}
