/** Why an order cannot be read; an i18n key under `unreadable.reason`. */
export const unreadableReasons = ["line", "shape", "id", "time", "amount"] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

/** A field of an order is invalid. */
export class UnreadableField extends Error {
  readonly reason: UnreadableReason;

  /** @param found names the field and what was expected, never its value, which may be personal */
  constructor(reason: UnreadableReason, found: string) {
    super(found);
    this.name = "UnreadableField";
    this.reason = reason;
  }
}

/** An unreadable order, set aside until it can be read. */
export type UnreadableOrder = {
  orderId: string;
  reason: UnreadableReason;
  /** The field and what was expected, without any value of the order. */
  detail: string;
  /** The unreadable version; null when the time cannot be read either. */
  updatedAt: Date | null;
};

/** A shop's unreadable orders, as the merchant sees them. */
export type UnreadableView = {
  /** Their number, including lines without a readable id. */
  orders: number;
  /** Some of them, the latest found first. */
  named: { orderId: string; reason: UnreadableReason }[];
  /** Lines of the last export without a readable order id. */
  unnamed: number;
};
