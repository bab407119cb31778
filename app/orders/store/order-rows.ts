import type { ShopDomain } from "#app/lib/ids.ts";

import type { StoredOrder } from "./normalise.ts";
import { orderExclusionReasons } from "./normalise.ts";
import { fieldsOf, type OrderFields, textField } from "./order-fields.ts";

/** The columns of `orders` in a row, in order. */
export const orderColumns = [
  "shop",
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

/** @throws RangeError when a time cannot be parsed */
export function orderRows(shop: ShopDomain, orders: readonly StoredOrder[]): OrderRows {
  const rows = new OrderRows(shop);
  for (const order of orders) rows.add(fieldsOf(order));
  return rows;
}

const HEADER = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const TRAILER = Buffer.of(255, 255);
const PIECE_BYTES = 1 << 17;

/** PostgreSQL counts from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const EPOCH_DAY = EPOCH_MS / 86_400_000;

/**
 * Most bytes of the fixed-size fields, each with its length prefix: two ids, three instants, day,
 * amount and test.
 */
const FIXED_BYTES = 2 * (4 + 20) + 3 * (4 + 8) + (4 + 4) + (4 + 8) + (4 + 1);
const NULL = -1;

const NO_REASON = textField(null);
const reasons = new Map(orderExclusionReasons.map((reason) => [reason, textField(reason)]));

/**
 * A shop's orders in PostgreSQL's binary COPY format, in one growing buffer: no object per order,
 * and no parsing in the database.
 */
export class OrderRows {
  /** The start of each row: its number of fields, and the shop. */
  readonly #rowPrefix: Uint8Array;
  readonly #shop: ShopDomain;
  #bytes = Buffer.allocUnsafe(1 << 16);
  #end = 0;
  /** Offset of each row. */
  #starts = new Uint32Array(1 << 10);
  #count = 0;

  constructor(shop: ShopDomain) {
    this.#shop = shop;
    const fields = Buffer.of(0, orderColumns.length);
    this.#rowPrefix = Buffer.concat([fields, textField(shop)]);
  }

  get count(): number {
    return this.#count;
  }

  /** Removes all rows and keeps the memory. */
  clear(): void {
    this.#end = 0;
    this.#count = 0;
  }

  add(order: OrderFields): void {
    const { financialStatus, channel, tags } = order;
    const reason =
      (order.exclusionReason === null ? undefined : reasons.get(order.exclusionReason)) ??
      NO_REASON;
    const texts = financialStatus.length + channel.length + tags.length + reason.length;
    this.#begin(FIXED_BYTES + texts);
    this.#digits(order.ids, order.orderFrom, order.orderTo);
    this.#digits(order.ids, order.customerFrom, order.customerTo);
    this.#instant(order.processedMs);
    this.#instant(order.updatedMs);
    this.#int32(4);
    this.#int32(order.day - EPOCH_DAY);
    this.#int64(order.amountMinor);
    this.#copy(financialStatus);
    this.#instant(order.cancelledMs);
    this.#int32(1);
    this.#bytes[this.#end++] = order.test ? 1 : 0;
    this.#copy(channel);
    this.#copy(tags);
    this.#copy(reason);
  }

  orderIds(): string[] {
    return Array.from(this.#rows(), (start) => this.#id(start + this.#rowPrefix.length) ?? "");
  }

  /** A copy in which the orders of some customers have no customer. */
  withoutCustomers(isRemoved: (customerId: string) => boolean): OrderRows {
    const rows = new OrderRows(this.#shop);
    const starts = this.#rows();
    for (const [index, start] of starts.entries()) {
      const at = this.#after(start + this.#rowPrefix.length);
      const customer = this.#id(at);
      const end = starts[index + 1] ?? this.#end;
      rows.#begin(end - start);
      rows.#copy(this.#bytes.subarray(start + this.#rowPrefix.length, at));
      const removed = customer !== null && isRemoved(customer);
      if (removed) rows.#int32(NULL);
      rows.#copy(this.#bytes.subarray(removed ? this.#after(at) : at, end));
    }
    return rows;
  }

  /** The input of COPY, in pieces. */
  *pieces(): Generator<Buffer> {
    yield HEADER;
    for (let from = 0; from < this.#end; from += PIECE_BYTES) {
      yield this.#bytes.subarray(from, Math.min(this.#end, from + PIECE_BYTES));
    }
    yield TRAILER;
  }

  #rows(): Uint32Array {
    return this.#starts.subarray(0, this.#count);
  }

  #id(at: number): string | null {
    const length = this.#bytes.readInt32BE(at);
    return length === NULL ? null : this.#bytes.toString("latin1", at + 4, at + 4 + length);
  }

  /** Offset of the field after the one at `at`. */
  #after(at: number): number {
    return at + 4 + Math.max(0, this.#bytes.readInt32BE(at));
  }

  /**
   * Starts a row, and grows the buffers.
   * @param most upper limit of the row's bytes
   */
  #begin(most: number): void {
    const needed = this.#end + this.#rowPrefix.length + most;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    if (this.#count === this.#starts.length) {
      const more = new Uint32Array(2 * this.#count);
      more.set(this.#starts);
      this.#starts = more;
    }
    this.#starts[this.#count++] = this.#end;
    this.#copy(this.#rowPrefix);
  }

  #digits(source: Uint8Array, from: number, to: number): void {
    if (from < 0) {
      this.#int32(NULL);
      return;
    }
    this.#int32(to - from);
    this.#copy(source, from, to);
  }

  #copy(source: Uint8Array, from = 0, to = source.length): void {
    const bytes = this.#bytes;
    let at = this.#end;
    for (let index = from; index < to; index += 1) bytes[at++] = source[index];
    this.#end = at;
  }

  #instant(ms: number | null): void {
    if (ms === null) this.#int32(NULL);
    else this.#int64((ms - EPOCH_MS) * 1000);
  }

  #int64(value: number): void {
    this.#int32(8);
    const high = Math.floor(value / 2 ** 32);
    this.#int32(high);
    this.#int32(value - high * 2 ** 32);
  }

  #int32(value: number): void {
    const bytes = this.#bytes;
    const at = this.#end;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.#end = at + 4;
  }
}
