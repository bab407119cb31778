import { setImmediate as othersTurn } from "node:timers/promises";

import pg from "pg";

import { inTransaction } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import { setProgress } from "#app/jobs/progress.server.ts";
import { readJsonBytes } from "#app/shopify/bulk.server.ts";
import type { BulkOperation } from "#app/shopify/bulk-start.server.ts";
import type { AdminApi } from "#app/shopify/client.server.ts";
import { parseExportedOrder } from "#app/shopify/orders.ts";

import { ExportLine } from "./export-line.ts";
import { askAfterMoves } from "./gone-customers.server.ts";
import { markLoaded, type LoadingImport } from "./import-state.server.ts";
import { normaliseOrder, type ShopUnits } from "./normalise.ts";
import { fieldsOf } from "./order-fields.ts";
import { OrderRows } from "./order-rows.ts";
import { indexOwnTable } from "./own-table.server.ts";
import { recordSeen } from "./seen.server.ts";
import { storeNewOrders, storeOrders } from "./store.server.ts";
import { storedIn, type OrderUnits } from "./units.server.ts";

/** Lines stored in one transaction: large enough for sets to pay, small enough to lose and repeat. */
const LINES_PER_CHUNK = 50_000;
/** The first chunk is small: nothing is stored before it has been read. */
export const LINES_OF_FIRST_CHUNK = 5_000;

const NEWLINE = 0x0a;

const UNIQUE_VIOLATION = "23505";

/** What the steps of an import share. */
export type ImportContext = {
  admin: AdminApi;
  units: OrderUnits;
  signal: AbortSignal | undefined;
};

/**
 * Stores the lines of the export that are not stored yet, chunk by chunk; each chunk commits
 * together with the count of lines and after the chunk before, so that none is lost or loaded twice.
 * While the database stores one the next is read: both processors are busy.
 *
 * @returns the number of lines in the file
 */
export async function loadLines(
  job: LoadingImport,
  operation: BulkOperation,
  { units, signal }: Pick<ImportContext, "units" | "signal">,
): Promise<number> {
  const reader = new OrderReader(storedIn(units));
  const storing = new ChunksInOrder(job);
  let line = 0;
  let orders = storing.empty();
  let size = LINES_OF_FIRST_CHUNK;
  try {
    for await (const bytes of readJsonBytes(operation, signal)) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (bytes[at] === NEWLINE) continue;
        line += 1;
        at =
          line <= job.linesLoaded ? lineEnd(bytes, at) : reader.read({ bytes, at, line }, orders);
        if (orders.count < size) continue;
        await storing.add({ orders, line });
        signal?.throwIfAborted();
        orders = storing.empty();
        size = LINES_PER_CHUNK;
      }
      // What has been downloaded already comes without a pause, in which the database would wait.
      await othersTurn();
    }
    if (orders.count > 0) await storing.add({ orders, line });
  } finally {
    // Whoever tries again must not meet a chunk of before.
    await storing.settled();
  }
  await indexOwnTable(job.shop);
  return line;
}

function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end === -1 ? bytes.length : end;
}

/** Where a line begins, and which of the file it is. */
type LineAt = { bytes: Buffer; at: number; line: number };

class OrderReader {
  readonly #units: ShopUnits;
  readonly #usual: ExportLine;

  constructor(units: ShopUnits) {
    this.#units = units;
    this.#usual = new ExportLine(units);
  }

  /** Adds the order of a line to others. @returns where the line ends */
  read({ bytes, at, line }: LineAt, orders: OrderRows): number {
    try {
      const end = this.#usual.read(bytes, at);
      if (end !== -1) {
        orders.add(this.#usual);
        return end;
      }
      const whole = lineEnd(bytes, at);
      const order = parseExportedOrder(bytes.toString("utf8", at, whole));
      orders.add(fieldsOf(normaliseOrder(order, this.#units)));
      return whole;
    } catch (cause) {
      // The line itself is not quoted, and a syntax error would: it belongs to a customer.
      throw new AppError("shopify-unreadable", `Line ${line} of the orders export is no order`, {
        retryable: false,
        cause: cause instanceof SyntaxError ? undefined : cause,
      });
    }
  }
}

type Chunk = {
  orders: OrderRows;
  /** The last line of it. */
  line: number;
};

/** How a chunk goes among the others. */
type Turn = {
  /** Rejects when the chunk before was not stored: then this one must not be either. */
  before: Promise<void>;
  /** To be called when all that is left is to commit. */
  onCopied: () => void;
};

/**
 * Stores one chunk after the other: two at once get into each other's way in the indexes. Only while
 * one commits, which is to wait for the disk, the next is begun.
 */
class ChunksInOrder {
  readonly #job: LoadingImport;
  /** Used again: for each large piece of memory that it is given the garbage collector goes over all. */
  readonly #spare: OrderRows[] = [];
  #copied: Promise<void> = Promise.resolve();
  #stored: Promise<void> = Promise.resolve();

  constructor(job: LoadingImport) {
    this.#job = job;
  }

  empty(): OrderRows {
    return this.#spare.pop() ?? new OrderRows(this.#job.shop);
  }

  /** Returns when the chunk before is as good as stored. @throws what storing that threw */
  async add(chunk: Chunk): Promise<void> {
    await this.#copied;
    const before = this.#stored;
    this.#copied = new Promise((resolve, reject) => {
      this.#stored = this.#store(chunk, { before, onCopied: resolve });
      this.#stored.catch(reject);
    });
    // Whoever waits for it next is told.
    this.#copied.catch(() => undefined);
  }

  async #store(chunk: Chunk, turn: Turn): Promise<void> {
    await storeChunk(this.#job, chunk, turn);
    chunk.orders.clear();
    this.#spare.push(chunk.orders);
  }

  /** @throws what storing the last one threw */
  async settled(): Promise<void> {
    await this.#stored;
  }
}

async function storeChunk(job: LoadingImport, chunk: Chunk, turn: Turn): Promise<void> {
  const { orders, line } = chunk;
  if (!job.direct || !(await storeDirectly(job, chunk, turn))) {
    await inTransaction(async (client) => {
      const storing = { orders, seenAt: job.startedAt, oldBefore: job.asOf };
      const { moves, ...counts } = await storeOrders(client, job.shop, storing);
      await askAfterMoves(client, job.shop, moves);
      await recordSeen(client, job, { orderIds: orders.orderIds(), line });
      turn.onCopied();
      await turn.before;
      await markLoaded(client, job, { line, ...counts });
    });
  }
  await setProgress(job.shop, "import", {
    state: "running",
    done: line,
    total: Math.max(line, job.objectCount),
  });
}

/** @returns false when an order of it is there already after all */
async function storeDirectly(
  job: LoadingImport,
  { orders, line }: Chunk,
  { before, onCopied }: Turn,
): Promise<boolean> {
  try {
    await inTransaction(async (client) => {
      await storeNewOrders(client, job.shop, orders);
      onCopied();
      await before;
      await markLoaded(client, job, { line, added: 0, changed: 0 });
    });
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}
