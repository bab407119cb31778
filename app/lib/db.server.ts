import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import pg from "pg";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";

/** Connections for the Shopify client's own notes: a worker's calls take their points together. */
const CALL_CONNECTIONS = 4;

type Transaction = { pool: Pool; open: boolean; outer: Transaction | undefined };

/** The transaction, if any, that the running code is part of. */
const transactions = new AsyncLocalStorage<Transaction>();

/**
 * Refuses a second connection to who holds one in a transaction: with as many of them as there are
 * connections, each would wait for another one's, and the process for ever. Only the pool of calls
 * lends one to a transaction of the other: none of its own waits for that.
 */
class Pool extends pg.Pool {
  readonly #lends: boolean;

  constructor(options: { max: number; lends: boolean }) {
    super({ connectionString: env.DATABASE_URL, max: options.max });
    this.#lends = options.lends;
    // A connection that breaks is replaced; without listeners it would end the process: the pool's own
    // while it is idle, the connection's while it is in use, when the query or the next one fails too.
    this.on("error", (error) => {
      log.warn({ err: error }, "an idle database connection broke");
    });
    this.on("connect", (client) => client.on("error", () => undefined));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool["connect"]>[0]): void;
  override connect(callback?: Parameters<pg.Pool["connect"]>[0]): Promise<pg.PoolClient> | void {
    for (let one = transactions.getStore(); one !== undefined; one = one.outer) {
      if (!one.open || (this.#lends && one.pool !== this)) continue;
      throw new Error("a transaction asks for a second connection: it is to use its own");
    }
    return callback === undefined ? super.connect() : super.connect(callback);
  }
}

type Database = { pool: Pool; callPool: Pool; prisma: PrismaClient };

// Vite reloads modules in development: the connections outlive a reload.
const kept = globalThis as { encoreDatabase?: Database };

function open(): Database {
  const pool = new Pool({ max: env.DATABASE_CONNECTIONS, lends: false });
  const callPool = new Pool({ max: CALL_CONNECTIONS, lends: true });
  return { pool, callPool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

const database = (kept.encoreDatabase ??= open());

/** For sets: raw SQL, unnest and COPY. */
export const pool = database.pool;
/** For a call's token and points: Shopify may be called in a transaction of `pool`. */
export const callPool = database.callPool;
/** For single rows. It shares the pool. */
export const prisma = database.prisma;

/** Runs `work` in one transaction on one connection; rolls back when it throws. */
export async function inTransaction<Result>(
  work: (client: pg.PoolClient) => Promise<Result>,
  { on = pool }: { on?: Pool } = {},
): Promise<Result> {
  const client = await on.connect();
  const transaction = { pool: on, open: true, outer: transactions.getStore() };
  try {
    await client.query("begin");
    const result = await transactions.run(transaction, () => work(client));
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await rollBack(client);
    throw error;
  } finally {
    transaction.open = false;
  }
}

/** A connection that cannot even roll back is thrown away, and its transaction with it. */
async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query("rollback");
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

export async function closeDatabase(): Promise<void> {
  await prisma.$disconnect();
  await pool.end();
  await callPool.end();
  delete kept.encoreDatabase;
}

/** @param into table and columns */
export async function copyInto(
  client: pg.PoolClient,
  into: string,
  lines: Iterable<string>,
): Promise<void> {
  await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
}
