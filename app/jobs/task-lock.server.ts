import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { env } from "#app/env.server.ts";
import type { ShopDomain } from "#app/ids.ts";

import type { TaskName } from "./queue.server.ts";

/** One task of one shop. */
export type Work = { name: TaskName; shop: ShopDomain };

const RETRY_MS = 500;
const KEY = "hashtextextended('task:' || $1 || ':' || $2, 0)";

export type TaskLock = {
  /** Aborted when the lock is lost, because its connection is. */
  lost: AbortSignal;
  release: () => Promise<void>;
};

/**
 * The right to work on a task of a shop, held by a connection of its own: PostgreSQL takes it back
 * the moment the process is gone, however it went, so that a lock that can be had says for certain
 * that nobody is working.
 *
 * @returns null when another process holds it
 */
export async function tryTaskLock({ name, shop }: Work): Promise<TaskLock | null> {
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: "encore-task-lock",
    keepAlive: true,
  });
  const lost = new AbortController();
  client.on("error", (error) => {
    lost.abort(error);
  });
  await client.connect();
  const result = await client.query<{ held: boolean }>(
    `select pg_try_advisory_lock(${KEY}) as held`,
    [name, shop],
  );
  if (result.rows[0]?.held === true) return { lost: lost.signal, release: () => client.end() };
  await client.end();
  return null;
}

/** Waits for the lock. @throws when aborted meanwhile */
export async function takeTaskLock(work: Work, signal: AbortSignal): Promise<TaskLock> {
  for (;;) {
    signal.throwIfAborted();
    const lock = await tryTaskLock(work);
    if (lock !== null) return lock;
    await sleep(RETRY_MS, undefined, { signal });
  }
}
