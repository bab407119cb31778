import type pg from "pg";

import type { ShopDomain } from "./ids.ts";

// Every advisory lock of the app but the session-level one that a worker holds for each task it runs
// (queue/task-lock.server.ts). Each is for one shop and falls at the end of the transaction that took it.
//
// The order in which they are taken, so that no two transactions wait for each other: a task's lock, then
// those below from first to last, then rows. The last three are never held together.

/** The locks in their order, with the key that each has in PostgreSQL: workers of two versions share it. */
const keys = {
  /** Whoever asks Shopify for another token, or acts on its refusal of one. */
  token: "token",
  /**
   * Who was erased on request: held shared by whoever stores what Shopify says of customers, alone by
   * whoever erases one, or begins an import.
   */
  erasure: "redaction",
  /** Tombstones of customers: each may be the destination of another. */
  tombstones: "gone",
  /** The shop's unfinished reconciliation run, of which there is one at most. */
  reconciliation: "check",
  /** The shop's scores: what one transaction decides, the next one sees. */
  scores: "scores",
  /** Written states: files of writes end at once, and may name the same customers. */
  "written-state": "written",
} as const;

export type ShopLock = keyof typeof keys;

/** Waits for the lock and holds it alone until the transaction ends. Taking it twice is no error. */
export async function takeLock(
  client: pg.PoolClient,
  lock: ShopLock,
  shop: ShopDomain,
): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${keyOf(lock)})`, [shop]);
}

/** As {@link takeLock}, but together with all others that share it. */
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
