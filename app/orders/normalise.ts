import { fromGid } from "#app/ids.ts";
import { toMinorUnits } from "#app/shopify/money.ts";
import type { ExportedOrder } from "#app/shopify/orders.ts";

import type { LeftOutReason } from "./basis.ts";
import type { DayOf } from "./shop-day.ts";

/** An order as it is stored: no name, address, e-mail or phone. */
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
  leftOut: LeftOutReason | null;
};

export type ShopUnits = {
  dayOf: DayOf;
  /** Digits of the shop's currency after the point. */
  digits: number;
};

/**
 * The purchase is on the day it was processed, which for orders brought from elsewhere lies before
 * the day they were created here; its value is what is left after edits and returns.
 *
 * @throws RangeError or TypeError for what Shopify would not send
 */
export function normaliseOrder(order: ExportedOrder, { dayOf, digits }: ShopUnits): StoredOrder {
  const processedMs = Date.parse(order.processedAt);
  if (Number.isNaN(processedMs)) {
    throw new RangeError(`"${order.processedAt}" of ${order.id} is not a time`);
  }
  const amountMinor = toMinorUnits(order.currentTotalPriceSet.shopMoney.amount, digits);
  return {
    orderId: fromGid("Order", order.id),
    customerId: order.customer === null ? null : fromGid("Customer", order.customer.id),
    processedAt: order.processedAt,
    updatedAt: order.updatedAt,
    day: dayOf(processedMs),
    amountMinor,
    financialStatus: order.displayFinancialStatus,
    cancelledAt: order.cancelledAt,
    test: order.test,
    channel: order.sourceName,
    tags: order.tags,
    leftOut: leftOutReason({
      test: order.test,
      isCancelled: order.cancelledAt !== null,
      financialStatus: order.displayFinancialStatus,
      amountMinor,
    }),
  };
}

type Judged = {
  test: boolean;
  isCancelled: boolean;
  financialStatus: string | null;
  amountMinor: number;
};

/** Orders that are no purchases: tests, cancelled, never paid for and void, or worth nothing. */
export function leftOutReason({
  test,
  isCancelled,
  financialStatus,
  amountMinor,
}: Judged): LeftOutReason | null {
  if (test) return "test";
  if (isCancelled) return "cancelled";
  if (financialStatus === "VOIDED" || financialStatus === "EXPIRED") return "voided";
  return amountMinor <= 0 ? "zero" : null;
}
