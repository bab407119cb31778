import type { DraftOrder } from "./demo-shop.ts";

/** Money given back to a known customer, with no word on which order it belongs to. */
export type Reversal = { customer: string; wallMs: number; amountMinor: number };

/** Within this time the goods cannot have been used: the order was called off rather than sent back. */
const cancellationWindowMs = 2 * 86_400_000;

type Open = { order: DraftOrder; remainingMinor: number };

/**
 * Finds the order a reversal belongs to, by this rule: an earlier order of the same customer with at least
 * that much money left; one with exactly that much before the others, and the most recent before older ones.
 * Orders and reversals are to be given in the order of time.
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
    /** Takes the money off the order it found; null where no order fits. */
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
