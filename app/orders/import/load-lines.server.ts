import { setImmediate as nextEventLoopTurn } from "node:timers/promises";

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

/**
 * Lines per transaction: large enough for set-based SQL to pay off, small enough to repeat after a
 * failure.
 */
const LINES_PER_CHUNK = 50_000;
/** The first chunk is small, so that storing starts early. */
export const LINES_OF_FIRST_CHUNK = 5_000;

const NEWLINE = 0x0a;

const UNIQUE_VIOLATION = "23505";

export type ImportContext = {
  admin: AdminApi;
  units: OrderUnits;
  signal: AbortSignal | undefined;
};

/**
 * Stores the remaining lines of the export, chunk by chunk. Each chunk commits together with the
 * line count, and only after the previous chunk, so no line is lost or loaded twice. The next chunk
 * is parsed while the database stores the current one.
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
      // Bytes that are already downloaded arrive without a turn of the event loop, which would hold
      // up the storing of the current chunk.
      await nextEventLoopTurn();
    }
    if (isAny(chunk)) await storing.add({ ...chunk, line });
  } finally {
    // The next attempt must not overlap with a chunk that is still being stored.
    await storing.settled();
  }
  await indexOwnTable(job.shop);
  return line;
}

function isAny({ orders, unreadable, unnamed }: ReadLines): boolean {
  return orders.count + unreadable.length + unnamed.length > 0;
}

type Chunk = ReadLines & {
  /** The number of its last line. */
  line: number;
};

/** Keeps the commits of chunks in order. */
type CommitOrder = {
  /**
   * Resolves when the previous chunk is committed. It rejects when that failed, and then this chunk
   * must not commit either.
   */
  before: Promise<void>;
  /** To be called when only the commit is left. */
  onCopied: () => void;
};

/**
 * Stores one chunk after the other, because two at once contend for the indexes. Only the commit of
 * one, which waits for the disk, overlaps with the next.
 */
class ChunksInOrder {
  readonly #job: LoadingImport;
  /** Reused: each new large buffer would trigger a full garbage collection. */
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

  /**
   * Starts storing a chunk once the previous one only has to commit.
   * @throws the previous chunk's error
   */
  async add(chunk: Chunk): Promise<void> {
    await this.#copied;
    const before = this.#stored;
    this.#copied = new Promise((resolve, reject) => {
      this.#stored = this.#store(chunk, { before, onCopied: resolve });
      this.#stored.catch(reject);
    });
    // The next call of `add` or `settled` reports the error.
    this.#copied.catch(() => undefined);
  }

  async #store(chunk: Chunk, order: CommitOrder): Promise<void> {
    await storeChunk(this.#job, chunk, order);
    chunk.orders.clear();
    this.#spare.push(chunk.orders);
  }

  /** @throws the last chunk's error */
  async settled(): Promise<void> {
    await this.#stored;
  }
}

async function storeChunk(job: LoadingImport, chunk: Chunk, order: CommitOrder): Promise<void> {
  const { orders, line, unreadable } = chunk;
  if (!job.direct || !(await storeDirectly(job, chunk, order))) {
    await inTransaction(async (client) => {
      const storing = { orders, seenAt: job.startedAt, oldBefore: job.asOf };
      const { moves, ...counts } = await storeOrders(client, job.shop, storing);
      await enqueueMergeChecks(client, job.shop, moves);
      const orderIds = [...orders.orderIds(), ...unreadable.map(({ orderId }) => orderId)];
      await recordSeen(client, job, { orderIds, line });
      await recordUnreadableOf(client, job, chunk);
      order.onCopied();
      await order.before;
      await markLoaded(client, job, { ...chunk, ...counts });
    });
  }
  await setProgress(job.shop, "import", {
    state: "running",
    done: line,
    total: Math.max(line, job.objectCount),
  });
}

/** Records the chunk's unreadable orders in the chunk's transaction, so that a crash loses none. */
async function recordUnreadableOf(
  client: pg.PoolClient,
  { shop }: LoadingImport,
  { orders, unreadable, unnamed }: Chunk,
): Promise<void> {
  await recordUnreadable(client, shop, { read: () => orders.orderIds(), unreadable });
  if (unnamed.length > 0) log.warn({ shop, lines: unnamed }, "lines of the export name no order");
}

/** Stores the chunk without comparing. @returns false when one of its orders exists after all */
async function storeDirectly(
  job: LoadingImport,
  chunk: Chunk,
  { before, onCopied }: CommitOrder,
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
