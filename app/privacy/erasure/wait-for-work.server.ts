import { setTimeout as sleep } from "node:timers/promises";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { activeSince } from "#app/queue/job-table.server.ts";

const POLL_MS = 250;
/**
 * A job that started shortly after that time may still have read data from before the erasure
 * committed.
 */
const MARGIN_SECONDS = 5;

/** Jobs that were active by then. Privacy tasks are not among them: they only erase. */
const tasksSince = activeSince(MARGIN_SECONDS);
/** Batches whose result is still to be recorded. */
const WRITES_SINCE = `select 1 from write_batches
  where shop = $1 and lines is not null and created_at <= $2`;

type Waiting = {
  /** By the database's clock. */
  since: Date;
  /** How long to wait at most. */
  waitMs: number;
  signal: AbortSignal | undefined;
};

/** Whether all jobs have ended that may hold data from that time. Waits up to `waitMs`. */
export function haveTasksEnded(shop: ShopDomain, waiting: Waiting): Promise<boolean> {
  return hasNoRows(tasksSince, shop, waiting);
}

/** Like {@link haveTasksEnded}, and no batch from that time has a result to be recorded. */
export function hasWorkEnded(shop: ShopDomain, waiting: Waiting): Promise<boolean> {
  return hasNoRows(`${tasksSince} union all ${WRITES_SINCE}`, shop, waiting);
}

async function hasNoRows(
  statement: string,
  shop: ShopDomain,
  { since, waitMs, signal }: Waiting,
): Promise<boolean> {
  const until = Date.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const { rowCount } = await pool.query(`${statement} limit 1`, [shop, since]);
    if (rowCount === 0) return true;
    if (Date.now() >= until) return false;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}
