import { AsyncLocalStorage } from "node:async_hooks";

import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import pg from "pg";

import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";

// Vite reloads modules in development: the connections outlive a reload.
const kept = globalThis as { encoreDatabase?: { pool: pg.Pool; prisma: PrismaClient } };

/** Whether the code that runs is part of a transaction that has not ended. */
const transaction = new AsyncLocalStorage<{ open: boolean }>();

/**
 * Refuses a second connection to who holds one in a transaction: with as many of them as the pool has
 * connections, each would wait for another one's, and the process for ever.
 */
class Pool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool["connect"]>[0]): void;
  override connect(callback?: Parameters<pg.Pool["connect"]>[0]): Promise<pg.PoolClient> | void {
    if (transaction.getStore()?.open === true) {
      throw new Error("a transaction asks for a second connection: it is to use its own");
    }
    return callback === undefined ? super.connect() : super.connect(callback);
  }
}

function open(): { pool: pg.Pool; prisma: PrismaClient } {
  const pool = new Pool({ connectionString: env.DATABASE_URL, max: env.DATABASE_CONNECTIONS });
  // A connection that breaks is replaced; without listeners it would end the process: the pool's own
  // while it is idle, the connection's while it is in use, when the query or the next one fails too.
  pool.on("error", (error) => {
    log.warn({ err: error }, "an idle database connection broke");
  });
  pool.on("connect", (client) => client.on("error", () => undefined));
  return { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

const database = (kept.encoreDatabase ??= open());

/** For sets: raw SQL, unnest and COPY. */
export const pool = database.pool;
/** For single rows. It shares the pool. */
export const prisma = database.prisma;

/** Runs `work` in one transaction on one connection; rolls back when it throws. */
export async function inTransaction<Result>(
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const state = { open: true };
  try {
    await client.query("begin");
    const result = await transaction.run(state, () => work(client));
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await rollBack(client);
    throw error;
  } finally {
    state.open = false;
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
  delete kept.encoreDatabase;
}
