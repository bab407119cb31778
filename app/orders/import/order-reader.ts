import { AppError } from "#app/lib/errors.ts";
import type { ShopUnits } from "#app/orders/store/normalise.ts";
import { fieldsOf } from "#app/orders/store/order-fields.ts";
import type { OrderRows } from "#app/orders/store/order-rows.ts";
import { type OrderReading, readOrderLine } from "#app/orders/store/read-order.ts";
import type { UnreadableOrder } from "#app/orders/store/unreadable-orders.ts";

import { ExportLine } from "./fast/export-line.ts";

const NEWLINE = 0x0a;

/** What was read from lines of the export. */
export type ReadLines = {
  orders: OrderRows;
  unreadable: UnreadableOrder[];
  /** Numbers of the lines in which not even the order's id can be read. */
  unnamed: number[];
};

/** This many unreadable lines are tolerated in a file of any size. */
const TOLERATED_LINES = 10;
/**
 * The tolerated share of unreadable lines. Odd single orders are one in thousands; when Shopify's
 * format has changed, it is every line, or every line of a kind. Leaving out 1 % of the orders
 * changes the figures by less than their own error.
 */
const TOLERATED_SHARE = 0.01;

/** Offset and number of a line. */
type LineAt = { bytes: Buffer; at: number; line: number };

/** The announced number of lines, and how many lines were unreadable in earlier attempts. */
type File = { lines: number; unreadable: number };

/** Reads the lines of an export. An order that cannot be read is set aside. */
export class OrderReader {
  readonly #units: ShopUnits;
  readonly #usual: ExportLine;
  readonly #lines: number;
  #unreadable: number;

  constructor(units: ShopUnits, { lines, unreadable }: File) {
    this.#units = units;
    this.#usual = new ExportLine(units);
    this.#lines = lines;
    this.#unreadable = unreadable;
  }

  /**
   * Adds the order of a line to `into`.
   *
   * @returns the offset of the line's end
   * @throws AppError shopify-unreadable when too many lines are unreadable
   */
  read({ bytes, at, line }: LineAt, into: ReadLines): number {
    const end = this.#readFast(bytes, at);
    if (end !== -1) {
      into.orders.add(this.#usual);
      return end;
    }
    const whole = lineEnd(bytes, at);
    const reading = readOrderLine(bytes.toString("utf8", at, whole), this.#units);
    if (reading.kind === "read") into.orders.add(fieldsOf(reading.order));
    else this.#setAside(reading.found, { line, into });
    return whole;
  }

  /** @returns the offset of the line's end; -1 when the line is not of the usual shape */
  #readFast(bytes: Buffer, at: number): number {
    try {
      return this.#usual.read(bytes, at);
    } catch (error) {
      if (error instanceof SyntaxError) return -1;
      throw error;
    }
  }

  #setAside(
    found: Extract<OrderReading, { kind: "unreadable" }>["found"],
    { line, into }: { line: number; into: ReadLines },
  ): void {
    const { orderId } = found;
    if (orderId === null) into.unnamed.push(line);
    else into.unreadable.push({ ...found, orderId });
    this.#unreadable += 1;
    const most = Math.max(TOLERATED_LINES, TOLERATED_SHARE * Math.max(line, this.#lines));
    if (this.#unreadable <= most) return;
    // The line itself is not quoted: it belongs to a customer.
    const count = `${this.#unreadable} of the first ${line} lines of the orders export`;
    throw new AppError(
      "shopify-unreadable",
      `${count} are no orders that can be read, the last for "${found.detail}": expected 1 % at most`,
      { retryable: false },
    );
  }
}

export function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end === -1 ? bytes.length : end;
}
