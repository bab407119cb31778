import { setTimeout as sleep } from "node:timers/promises";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { activeSince } from "#app/queue/job-table.server.ts";

const LOOK_MS = 250;
/** A task may have been handed out just before what it was to see was gone. */
const MARGIN_SECONDS = 5;

/** Tasks that were handed out by then. Ours only erase, and read what they erase. */
const tasksSince = activeSince(MARGIN_SECONDS);
/** Files of writes whose result is still to be recorded. */
const writesSince = `select 1 from write_batches
  where shop = $1 and lines is not null and created_at <= $2`;

type Waiting = {
  /** The database's time. */
  since: Date;
  /** How long to wait at most. */
  waitMs: number;
  signal: AbortSignal | undefined;
};

/** Whether no task works any more that may hold what was there at that time. Waits a little for it. */
export function haveTasksEnded(shop: ShopDomain, waiting: Waiting): Promise<boolean> {
  return isGone(tasksSince, shop, waiting);
}

/** The same, and no write is under way whose result would be recorded. */
export function hasWorkEnded(shop: ShopDomain, waiting: Waiting): Promise<boolean> {
  return isGone(`${tasksSince} union all ${writesSince}`, shop, waiting);
}

async function isGone(
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
    await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal });
  }
}
