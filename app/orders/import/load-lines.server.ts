import { setImmediate as othersTurn } from "node:timers/promises";

import pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import { log } from "#app/lib/log.server.ts";
import { enqueueMergeChecks } from "#app/orders/customers/tombstones.server.ts";
import { type LoadingImport, markLoaded } from "#app/orders/store/order-imports.server.ts";
import { OrderRows } from "#app/orders/store/order-rows.ts";
import { type OrderUnits, shopUnitsOf } from "#app/orders/store/order-units.server.ts";
import { indexOwnTable } from "#app/orders/store/own-table.server.ts";
import { storeNewOrders, storeOrders } from "#app/orders/store/store-orders.server.ts";
import { recordUnreadable } from "#app/orders/store/unreadable-orders.server.ts";
import { setProgress } from "#app/queue/progress.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { readJsonBytes } from "#app/shopify/bulk/await-operation.server.ts";
import type { BulkOperation } from "#app/shopify/bulk/start-operation.server.ts";

import { lineEnd, OrderReader, type ReadLines } from "./order-reader.ts";
import { recordSeen } from "./seen-orders.server.ts";

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
  const { objectCount: lines, unreadable } = job;
  const reader = new OrderReader(shopUnitsOf(units), { lines, unreadable });
  const storing = new ChunksInOrder(job);
  let line = 0;
  let chunk = storing.empty();
  let size = LINES_OF_FIRST_CHUNK;
  try {
    for await (const bytes of readJsonBytes(operation, signal)) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (bytes[at] === NEWLINE) continue;
        line += 1;
        at = line <= job.linesLoaded ? lineEnd(bytes, at) : reader.read({ bytes, at, line }, chunk);
        if (chunk.orders.count < size) continue;
        await storing.add({ ...chunk, line });
        signal?.throwIfAborted();
        chunk = storing.empty();
        size = LINES_PER_CHUNK;
      }
      // What has been downloaded already comes without a pause, in which the database would wait.
      await othersTurn();
    }
    if (isAny(chunk)) await storing.add({ ...chunk, line });
  } finally {
    // The next attempt must not run beside a chunk that this one is still storing.
    await storing.settled();
  }
  await indexOwnTable(job.shop);
  return line;
}

function isAny({ orders, unreadable, unnamed }: ReadLines): boolean {
  return orders.count + unreadable.length + unnamed.length > 0;
}

type Chunk = ReadLines & {
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

  empty(): ReadLines {
    const orders = this.#spare.pop() ?? new OrderRows(this.#job.shop);
    return { orders, unreadable: [], unnamed: [] };
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
  const { orders, line, unreadable } = chunk;
  if (!job.direct || !(await storeDirectly(job, chunk, turn))) {
    await inTransaction(async (client) => {
      const storing = { orders, seenAt: job.startedAt, oldBefore: job.asOf };
      const { moves, ...counts } = await storeOrders(client, job.shop, storing);
      await enqueueMergeChecks(client, job.shop, moves);
      const orderIds = [...orders.orderIds(), ...unreadable.map(({ orderId }) => orderId)];
      await recordSeen(client, job, { orderIds, line });
      await recordUnreadableOf(client, job, chunk);
      turn.onCopied();
      await turn.before;
      await markLoaded(client, job, { ...chunk, ...counts });
    });
  }
  await setProgress(job.shop, "import", {
    state: "running",
    done: line,
    total: Math.max(line, job.objectCount),
  });
}

/** Keeps which orders of it could not be read: with the chunk, so that a kill loses none. */
async function recordUnreadableOf(
  client: pg.PoolClient,
  { shop }: LoadingImport,
  { orders, unreadable, unnamed }: Chunk,
): Promise<void> {
  await recordUnreadable(client, shop, { read: () => orders.orderIds(), unreadable });
  if (unnamed.length > 0) log.warn({ shop, lines: unnamed }, "lines of the export name no order");
}

/** @returns false when an order of it is there already after all */
async function storeDirectly(
  job: LoadingImport,
  chunk: Chunk,
  { before, onCopied }: Turn,
): Promise<boolean> {
  try {
    await inTransaction(async (client) => {
      await storeNewOrders(client, job.shop, chunk.orders);
      await recordUnreadableOf(client, job, chunk);
      onCopied();
      await before;
      await markLoaded(client, job, { ...chunk, added: 0, changed: 0 });
    });
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}
