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

/** The data of a job. A task reads everything else from the database when it runs. */
export type TaskData = { shop: ShopDomain };

type Connection = Pick<pg.ClientBase, "query">;

/** Lets pg-boss use our connection, so that a job commits together with the change it is about. */
export function queueDatabase(connection: Connection): Db {
  return { executeSql: (text, values) => connection.query(text, values) };
}

/**
 * A shop has at most one waiting job of a task (policy `short` and our index) and one running (the
 * worker's group limit). Whatever is enqueued while one runs is done by one more run.
 */
const queueOptions = {
  policy: "short",
  retryLimit: 12,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 900,
  // Longer than any import. Dead workers are detected by their locks, not by this.
  expireInSeconds: 23 * 3600,
  retentionSeconds: 14 * 24 * 3600,
  deleteAfterSeconds: 24 * 3600,
} as const;

export type EnqueueOptions = {
  /** To enqueue in a transaction: the job exists only if it commits. */
  client?: Connection;
  /** A person waits for it: a job that waits for a retry becomes due now. */
  soon?: true;
};

const kept = globalThis as { encoreQueue?: Promise<PgBoss> };

/**
 * Starts pg-boss on connections of its own, since a transaction that enqueues may hold the pool's
 * last one.
 *
 * @param options.supervise whether this process does pg-boss's maintenance; the worker does
 * @returns a started pg-boss with all queues created
 */
export async function startQueue(options: { supervise: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: env.DATABASE_URL,
    // By this name the doctor detects a running worker.
    application_name: options.supervise ? "encore-worker" : "encore-queue",
    max: options.supervise ? 8 : 1,
    // Computing may block the event loop for seconds, which is no lost connection.
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

/** The pg-boss of a process that only enqueues. */
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
 * Enqueues a task for a shop. The job, new or already waiting, starts after the caller's
 * transaction has ended, and so sees its changes.
 *
 * @returns the job's id, or null when a job of the task was waiting already
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

/** For the shutdown of a process that has enqueued. */
export async function stopQueue(): Promise<void> {
  const started = kept.encoreQueue;
  delete kept.encoreQueue;
  await (await started)?.stop({ graceful: true });
}
