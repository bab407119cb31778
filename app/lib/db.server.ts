import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { env } from "./env.server.ts";
import { log } from "./log.server.ts";

/** Connections for tokens and cost budgets; few suffice, since calls take their points together. */
const CALL_CONNECTIONS = 4;

type Transaction = { pool: Pool; open: boolean; outer: Transaction | undefined };

/** The transaction that the running code is part of, if any. */
const transactions = new AsyncLocalStorage<Transaction>();

/**
 * Refuses a second connection to code in a transaction: with as many such transactions as
 * connections, the process would deadlock. The pool for calls may be used within a transaction of
 * the other pool, since its own transactions never wait for that one.
 */
class Pool extends pg.Pool {
  readonly #lends: boolean;

  constructor(options: { max: number; lends: boolean }) {
    super({ connectionString: env.DATABASE_URL, max: options.max });
    this.#lends = options.lends;
    // A broken connection is replaced. Without these listeners it would end the process: the pool's
    // is for idle connections, the connection's for one in use, whose query fails anyway.
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
      throw new Error("a transaction asks for a second connection: it must use its own");
    }
    return callback === undefined ? super.connect() : super.connect(callback);
  }
}

type Database = { pool: Pool; callPool: Pool; prisma: PrismaClient };

// On globalThis, since connections must survive Vite's reloads in development.
const kept = globalThis as { encoreDatabase?: Database };

function open(): Database {
  const pool = new Pool({ max: env.DATABASE_CONNECTIONS, lends: false });
  const callPool = new Pool({ max: CALL_CONNECTIONS, lends: true });
  return { pool, callPool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

const database = (kept.encoreDatabase ??= open());

/** For raw SQL on sets: unnest and COPY. */
export const pool = database.pool;
/** For the token and points of a call to Shopify, which may happen in a transaction of `pool`. */
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

/** A connection that cannot roll back is discarded, which ends its transaction. */
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
  await pipeline(Readable.from(lines), client.query(copyFrom(`copy ${into} from stdin`)));
}
