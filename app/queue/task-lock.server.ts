import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { env } from "#app/lib/env.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { TaskName } from "./task-names.ts";

export type Work = { name: TaskName; shop: ShopDomain };

const RETRY_MS = 500;
const KEY = "hashtextextended('task:' || $1 || ':' || $2, 0)";

export type TaskLock = {
  /** Aborts when the lock is lost with its connection. */
  lost: AbortSignal;
  release: () => Promise<void>;
};

/**
 * The connection that holds this process's locks. PostgreSQL releases them when the connection
 * ends, for whatever reason, so a lock that can be taken proves that no worker holds the task.
 */
type Holder = {
  /** Takes or releases a lock; commands run one after the other. */
  ask: (command: "pg_try_advisory_lock" | "pg_advisory_unlock", work: Work) => Promise<boolean>;
  end: () => Promise<void>;
  lost: AbortController;
  /** Keys of held locks, since PostgreSQL would give a session the same lock twice. */
  held: Set<string>;
};

let holder: Promise<Holder> | undefined;

function currentHolder(): Promise<Holder> {
  holder ??= open();
  return holder;
}

async function open(): Promise<Holder> {
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: "encore-task-locks",
    keepAlive: true,
  });
  const lost = new AbortController();
  const gone = (error?: Error) => {
    // Both events may occur, the second when there is a new holder already.
    if (lost.signal.aborted) return;
    holder = undefined;
    lost.abort(error ?? new Error("the connection that holds the locks has ended"));
  };
  client.on("error", gone);
  client.on("end", gone);
  try {
    await client.connect();
  } catch (error) {
    holder = undefined;
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  const ask: Holder["ask"] = (command, { name, shop }) => {
    const asked = last.then(async () => {
      const sql = `select ${command}(${KEY}) as yes`;
      return (await client.query<{ yes: boolean }>(sql, [name, shop])).rows[0]?.yes === true;
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  return { ask, end: () => client.end(), lost, held: new Set() };
}

/**
 * Takes the lock of a shop's task.
 *
 * @returns null when it is taken, by another process or by this one
 */
export async function tryTaskLock(work: Work): Promise<TaskLock | null> {
  const { ask, end, lost, held } = await currentHolder();
  const key = `${work.name} ${work.shop}`;
  if (held.has(key)) return null;
  held.add(key);
  try {
    if (!(await ask("pg_try_advisory_lock", work))) {
      held.delete(key);
      return null;
    }
  } catch (error) {
    // Whether the lock was taken is unknown; ending the connection releases it.
    await end().catch(() => undefined);
    throw error;
  }
  const release = async () => {
    await ask("pg_advisory_unlock", work);
    held.delete(key);
  };
  return { lost: lost.signal, release };
}

/**
 * Waits for the lock.
 * @throws the signal's reason when it aborts
 */
export async function takeTaskLock(work: Work, signal: AbortSignal): Promise<TaskLock> {
  for (;;) {
    signal.throwIfAborted();
    const lock = await tryTaskLock(work);
    if (lock !== null) return lock;
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Releases all locks at shutdown. */
export async function closeTaskLocks(): Promise<void> {
  await (await holder)?.end();
}
