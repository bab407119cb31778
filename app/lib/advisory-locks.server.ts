import type pg from "pg";

import type { ShopDomain } from "./ids.ts";

// All advisory locks of the app, except the session-level task locks (queue/task-lock.server.ts).
// Each is for one shop and is released at the end of the transaction. They must be taken in this
// order, to avoid deadlocks: the task lock, then those below from first to last, then rows. The
// last three are never held together.

/**
 * The locks in their order, with their keys in PostgreSQL, which must not change between versions.
 */
const keys = {
  /** Renewing or exchanging the token, or acting on its refusal. */
  token: "token",
  /**
   * Erased customers: shared by transactions that store customer ids, exclusive for erasing one or
   * beginning an import.
   */
  erasure: "redaction",
  /** Tombstones: a customer may be the destination of another. */
  tombstones: "gone",
  /** The shop's unfinished reconciliation run, of which there is at most one. */
  reconciliation: "check",
  /** The shop's scores, so that transactions that change them run one after the other. */
  scores: "scores",
  /** Written states: batches may end at the same time and contain the same customers. */
  "written-state": "written",
} as const;

export type ShopLock = keyof typeof keys;

/** Takes the lock exclusively until the transaction ends. Taking it twice is no error. */
export async function takeLock(
  client: pg.PoolClient,
  lock: ShopLock,
  shop: ShopDomain,
): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${keyOf(lock)})`, [shop]);
}

/** Like {@link takeLock}, but shared. */
export async function shareLock(
  client: pg.PoolClient,
  lock: ShopLock,
  shop: ShopDomain,
): Promise<void> {
  await client.query(`select pg_advisory_xact_lock_shared(${keyOf(lock)})`, [shop]);
}

function keyOf(lock: ShopLock): string {
  return `hashtextextended('${keys[lock]}:' || $1, 0)`;
}
