/** What about an order cannot be read; an i18n key under `unreadable.reason`. */
export const unreadableReasons = ["line", "shape", "id", "time", "amount"] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

/** Something about an order that is not as it must be. */
export class UnreadableField extends Error {
  readonly reason: UnreadableReason;

  /** @param found which field, and what it is not: never what stands in it */
  constructor(reason: UnreadableReason, found: string) {
    super(found);
    this.name = "UnreadableField";
    this.reason = reason;
  }
}

/** An order that is set aside until it can be read. */
export type UnreadableOrder = {
  orderId: string;
  reason: UnreadableReason;
  /** Which field, and what it is not, without a word of the order's own. */
  detail: string;
  /** The version that cannot be read; null when that cannot be told either. */
  updatedAt: Date | null;
};

/** The orders of a shop that cannot be read, for the merchant to see. */
export type UnreadableView = {
  /** How many there are, the lines that name none included. */
  orders: number;
  /** Some of them, the latest found first. */
  named: { orderId: string; reason: UnreadableReason }[];
  /** Lines of the last export that do not even say which order they are of. */
  unnamed: number;
};
