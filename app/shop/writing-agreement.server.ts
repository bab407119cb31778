import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

/** How often a write checks that it may go on. */
const POLL_MS = 1_000;

/** Whether the merchant agreed to writing. */
export async function isWritingAgreed(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    "select 1 from shops where shop = $1 and writing_agreed_at is not null",
    [shop],
  );
  return rowCount !== 0;
}

/**
 * Prevents the agreement from ending before the caller's transaction does.
 *
 * @returns false when there is none
 */
export async function holdAgreement(client: pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from shops where shop = $1 and writing_agreed_at is not null for share",
    [shop],
  );
  return rowCount !== 0;
}

/** Whether Encore may write now: the merchant agreed, and has not paused it. */
export async function isWritingOn(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `select 1 from shops
      where shop = $1 and writing_agreed_at is not null and writing_paused_at is null`,
    [shop],
  );
  return rowCount !== 0;
}

/**
 * @returns a signal that aborts soon after writing was paused or the agreement ended; the caller
 * must call `close`
 */
export function watchWriting(shop: ShopDomain): { ended: AbortSignal; close: () => void } {
  const ended = new AbortController();
  const check = async () => {
    if (!(await isWritingOn(shop))) ended.abort(new Error("writing was paused or has ended"));
  };
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      log.warn({ shop, err: error }, "could not check whether writing goes on");
    });
  }, POLL_MS);
  return {
    ended: ended.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}
