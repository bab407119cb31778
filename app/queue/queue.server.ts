import type pg from "pg";
import { type Db, PgBoss } from "pg-boss";

import { pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { holdWaiting } from "./job-table.server.ts";
import { dependsOnShopSize, isLargeShop, LARGE_PRIORITY } from "./lanes.ts";
import { ensureOneWaitingIndex } from "./one-waiting.server.ts";
import { type TaskName, taskNames } from "./task-names.ts";

/** The data of a job. Everything else a task reads from the database when it runs. */
export type TaskData = { shop: ShopDomain };

/** A connection of ours that can run SQL, as the client of a transaction. */
type Connection = Pick<pg.ClientBase, "query">;

/** pg-boss on a connection of ours, so that a job and what it is about commit together. */
export function queueDatabase(connection: Connection): Db {
  return { executeSql: (text, values) => connection.query(text, values) };
}

/**
 * Of each task a shop has at most one waiting (`short`, and an index of ours) and one running (the
 * group limit that the worker sets): whatever arrives while one runs is done by one more run after it.
 */
const queueOptions = {
  policy: "short",
  retryLimit: 12,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 900,
  // Long imports are no failures. A worker that died is found by its lock, not by this.
  expireInSeconds: 23 * 3600,
  retentionSeconds: 14 * 24 * 3600,
  deleteAfterSeconds: 24 * 3600,
} as const;

export type EnqueueOptions = {
  /** Join a transaction: the job exists exactly when it commits. */
  client?: Connection;
  /** A person waits for it: one that would be tried again later is tried now. */
  soon?: true;
};

const kept = globalThis as { encoreQueue?: Promise<PgBoss> };

/**
 * On connections of its own: a transaction that enqueues may hold the pool's last one.
 *
 * @returns a started pg-boss with all queues made. Maintenance is the worker's (`supervise`).
 */
export async function startQueue(options: { supervise: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: env.DATABASE_URL,
    // The doctor knows by it whether anybody works.
    application_name: options.supervise ? "encore-worker" : "encore-queue",
    max: options.supervise ? 8 : 1,
    // A worker that computes for seconds on end has not lost its database.
    connectionTimeoutMillis: 60_000,
    schema: "pgboss",
    supervise: options.supervise,
    schedule: options.supervise,
  });
  boss.on("error", (error) => {
    log.error({ err: error }, "the queue reported an error");
  });
  await boss.start();
  for (const name of taskNames) await boss.createQueue(name, queueOptions);
  await ensureOneWaitingIndex();
  return boss;
}

/** The queue of a process that only asks for work. */
async function sender(): Promise<PgBoss> {
  kept.encoreQueue ??= startQueue({ supervise: false });
  try {
    return await kept.encoreQueue;
  } catch (error) {
    delete kept.encoreQueue;
    throw error;
  }
}

/**
 * Asks for a task for a shop. What the caller's transaction has done, the job sees, also when it waited
 * already: it does not begin before the transaction has ended.
 *
 * @returns the job's id, or null when the same task already waits for that shop
 */
export async function enqueue(
  name: TaskName,
  data: TaskData,
  options: EnqueueOptions = {},
): Promise<string | null> {
  const boss = await sender();
  const connection = options.client ?? pool;
  const large = dependsOnShopSize(name) && (await isLarge(data.shop, connection));
  for (;;) {
    const id = await boss.send(name, data, {
      ...(large ? { priority: LARGE_PRIORITY } : {}),
      singletonKey: data.shop,
      group: { id: data.shop },
      ...(options.client === undefined ? {} : { db: queueDatabase(options.client) }),
    });
    if (id !== null) return id;
    const waiting = { name, shop: data.shop, soon: options.soon === true };
    if (await holdWaiting(connection, waiting)) return null;
  }
}

async function isLarge(shop: ShopDomain, connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ large: boolean }>(
    `select ${isLargeShop("$1::text")} as large`,
    [shop],
  );
  return rows[0]?.large === true;
}

/** For a clean end of a process that has enqueued. */
export async function stopQueue(): Promise<void> {
  const started = kept.encoreQueue;
  delete kept.encoreQueue;
  await (await started)?.stop({ graceful: true });
}
