import type { DraftOrder } from "./demo-shop.ts";

/** A refund to a known customer, without a reference to an order. */
export type Reversal = { customer: string; wallMs: number; amountMinor: number };

/** Within this time a full refund is treated as a cancellation. */
const cancellationWindowMs = 2 * 86_400_000;

type Open = { order: DraftOrder; remainingMinor: number };

/**
 * Finds the order of a reversal: an earlier order of the same customer with at least that amount left,
 * preferring one with exactly that amount, then the most recent. Orders and reversals must be given in order
 * of time.
 */
export function createMatcher() {
  const openByCustomer = new Map<string, Open[]>();
  return {
    add(order: DraftOrder): void {
      if (order.customer === null) return;
      const open = { order, remainingMinor: order.amountMinor };
      const list = openByCustomer.get(order.customer);
      if (list) list.push(open);
      else openByCustomer.set(order.customer, [open]);
    },
    /** Subtracts the amount from the order; null if no order fits. */
    reverse(reversal: Reversal): DraftOrder | null {
      const list = openByCustomer.get(reversal.customer) ?? [];
      const amount = reversal.amountMinor;
      const match =
        list.findLast((open) => open.remainingMinor === amount) ??
        list.findLast((open) => open.remainingMinor > amount);
      if (match === undefined) return null;
      match.remainingMinor -= amount;
      const { order } = match;
      order.refunds.push({ wallMs: reversal.wallMs, amountMinor: amount });
      order.cancelled =
        amount === order.amountMinor && reversal.wallMs - order.wallMs < cancellationWindowMs;
      return order;
    },
  };
}
