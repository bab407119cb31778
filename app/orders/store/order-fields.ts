import type { OrderExclusionReason } from "./normalise.ts";
import type { StoredOrder } from "./normalise.ts";

/** A field in PostgreSQL's binary COPY format: its length and its bytes. */
export type Field = Uint8Array;

/**
 * The input of a row in binary COPY format. Ids are ranges of bytes, so that no string is made for
 * each order.
 */
export type OrderFields = {
  /** Bytes that contain both ids as digits, at the offsets below. */
  ids: Uint8Array;
  orderFrom: number;
  orderTo: number;
  /** -1 for an order without a customer. */
  customerFrom: number;
  customerTo: number;
  processedMs: number;
  updatedMs: number;
  cancelledMs: number | null;
  /** Days since 1970-01-01 in the shop's time zone. */
  day: number;
  amountMinor: number;
  financialStatus: Field;
  test: boolean;
  channel: Field;
  tags: Field;
  exclusionReason: OrderExclusionReason | null;
};

/** @throws RangeError when a time cannot be parsed */
export function fieldsOf(order: StoredOrder): OrderFields {
  const { orderId, customerId, cancelledAt } = order;
  const customerFrom = customerId === null ? -1 : orderId.length;
  return {
    ids: Buffer.from(orderId + (customerId ?? "")),
    orderFrom: 0,
    orderTo: orderId.length,
    customerFrom,
    customerTo: customerFrom + (customerId?.length ?? 0),
    processedMs: instant(order.processedAt),
    updatedMs: instant(order.updatedAt),
    cancelledMs: cancelledAt === null ? null : instant(cancelledAt),
    day: order.day,
    amountMinor: order.amountMinor,
    financialStatus: textField(order.financialStatus),
    test: order.test,
    channel: textField(order.channel),
    tags: textArrayField(order.tags),
    exclusionReason: order.exclusionReason,
  };
}

function instant(time: string): number {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new RangeError(`"${time}" is not a time`);
  return ms;
}

const NULL_FIELD: Field = Uint8Array.of(255, 255, 255, 255);

export function textField(value: string | null): Field {
  if (value === null) return NULL_FIELD;
  // PostgreSQL's text cannot hold a NUL.
  return field(Buffer.from(value.replaceAll("\0", "")));
}

const TEXT_TYPE = 25;

export function textArrayField(values: string[]): Field {
  const size = int32s(...(values.length === 0 ? [] : [values.length, 1]));
  const head = int32s(values.length === 0 ? 0 : 1, 0, TEXT_TYPE);
  return field(Buffer.concat([head, size, ...values.map(textField)]));
}

function field(bytes: Uint8Array): Field {
  return Buffer.concat([int32s(bytes.length), bytes]);
}

function int32s(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, 4 * index);
  return bytes;
}
