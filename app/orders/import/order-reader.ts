import { AppError } from "#app/lib/errors.ts";

import { ExportLine } from "./fast/export-line.ts";
import type { ShopUnits } from "#app/orders/store/normalise.ts";
import { fieldsOf } from "#app/orders/store/order-fields.ts";
import type { OrderRows } from "#app/orders/store/order-rows.ts";
import { readOrderLine, type OrderReading } from "#app/orders/store/read-order.ts";
import type { UnreadableOrder } from "#app/orders/store/unreadable-orders.ts";

const NEWLINE = 0x0a;

/** What lines of the export were read as. */
export type ReadLines = {
  orders: OrderRows;
  unreadable: UnreadableOrder[];
  /** The numbers of lines that do not even say which order they are of. */
  unnamed: number[];
};

/** So many lines of any file may be none that can be read. */
const ALWAYS = 10;
/**
 * And so large a share of a file. Where single orders are odd, it is one in thousands; where Shopify
 * writes otherwise than we read, it is every line, or every line of a kind. Figures without one order
 * in a hundred are well within what they may be off by anyway.
 */
const SHARE = 0.01;

/** Where a line begins, and which of the file it is. */
type LineAt = { bytes: Buffer; at: number; line: number };

/** How many lines the file is said to have, and how many of those before could not be read. */
type File = { lines: number; unreadable: number };

/** Reads the lines of an export. An order that cannot be read is set aside, and the others go on. */
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
   * Adds the order of a line to others.
   *
   * @returns where the line ends
   * @throws AppError shopify-unreadable when it is no longer single orders that cannot be read
   */
  read({ bytes, at, line }: LineAt, into: ReadLines): number {
    const end = this.#straight(bytes, at);
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

  /** @returns -1 when it is not of the usual shape */
  #straight(bytes: Buffer, at: number): number {
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
    const most = Math.max(ALWAYS, SHARE * Math.max(line, this.#lines));
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
