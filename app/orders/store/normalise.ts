import type { DayOf } from "#app/lib/calendar.ts";
import { numberIn } from "#app/lib/ids.ts";
import { toMinorUnits } from "#app/lib/money.ts";
import { type ExportedOrder, readTime } from "#app/shopify/resources/orders.ts";

import { UnreadableField } from "./unreadable-orders.ts";

/** Why an order does not count. Stored with the order. */
export const orderExclusionReasons = ["test", "cancelled", "voided", "zero"] as const;
export type OrderExclusionReason = (typeof orderExclusionReasons)[number];

/** An order as it is stored: without name, address, e-mail or phone. */
export type StoredOrder = {
  orderId: string;
  customerId: string | null;
  processedAt: string;
  updatedAt: string;
  /** Days since 1970-01-01 in the shop's time zone. */
  day: number;
  amountMinor: number;
  financialStatus: string | null;
  cancelledAt: string | null;
  test: boolean;
  channel: string | null;
  tags: string[];
  exclusionReason: OrderExclusionReason | null;
};

export type ShopUnits = {
  dayOf: DayOf;
  /** Decimals of the shop's currency. */
  digits: number;
};

/**
 * The purchase day is that of `processedAt`, which for orders imported from another system is
 * earlier than `createdAt`. The amount is the current total, after edits and returns.
 *
 * @throws UnreadableField when a field is invalid
 */
export function normaliseOrder(order: ExportedOrder, { dayOf, digits }: ShopUnits): StoredOrder {
  const { processedAt, updatedAt, cancelledAt, customer } = order;
  const processedMs = timeOf("processedAt", processedAt);
  timeOf("updatedAt", updatedAt);
  if (cancelledAt !== null) timeOf("cancelledAt", cancelledAt);
  const amountMinor = amountOf(order, digits);
  return {
    orderId: numberOf("Order", "id", order.id),
    customerId: customer === null ? null : numberOf("Customer", "customer.id", customer.id),
    processedAt,
    updatedAt,
    day: dayOf(processedMs),
    amountMinor,
    financialStatus: order.displayFinancialStatus,
    cancelledAt,
    test: order.test,
    channel: order.sourceName,
    tags: order.tags,
    exclusionReason: orderExclusionReason({
      test: order.test,
      isCancelled: cancelledAt !== null,
      financialStatus: order.displayFinancialStatus,
      amountMinor,
    }),
  };
}

function timeOf(field: string, text: string): number {
  const time = readTime(text);
  if (time === null)
    throw new UnreadableField("time", `${field} is not a time of the years 1 to 9999`);
  return time.getTime();
}

function numberOf(type: string, field: string, gid: string): string {
  const number = numberIn(type, gid);
  if (number === null) throw new UnreadableField("id", `${field} is not the gid of a ${type}`);
  return number;
}

function amountOf({ currentTotalPriceSet: { shopMoney } }: ExportedOrder, digits: number): number {
  try {
    return toMinorUnits(shopMoney.amount, digits);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const field = "currentTotalPriceSet.shopMoney.amount";
    throw new UnreadableField(
      "amount",
      `${field} is not a decimal number that can be held exactly`,
    );
  }
}

type Judged = {
  test: boolean;
  isCancelled: boolean;
  financialStatus: string | null;
  amountMinor: number;
};

/** @returns the first reason that applies; null when the order is a purchase */
export function orderExclusionReason({
  test,
  isCancelled,
  financialStatus,
  amountMinor,
}: Judged): OrderExclusionReason | null {
  if (test) return "test";
  if (isCancelled) return "cancelled";
  if (financialStatus === "VOIDED" || financialStatus === "EXPIRED") return "voided";
  return amountMinor <= 0 ? "zero" : null;
}
