import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

/** How often we look whether the merchant still agrees. */
const LOOK_MS = 1_000;

/** Whether the merchant has agreed to tags and metafields being written. */
export async function isWritingAgreed(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    "SELECT 1 FROM shops WHERE shop = $1 AND writing_agreed_at IS NOT NULL",
    [shop],
  );
  return rowCount !== 0;
}

/**
 * Keeps the agreement from ending before the caller's transaction does.
 *
 * @returns false when there is none
 */
export async function holdAgreement(client: pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT 1 FROM shops WHERE shop = $1 AND writing_agreed_at IS NOT NULL FOR SHARE",
    [shop],
  );
  return rowCount !== 0;
}

/** @returns a signal that is aborted soon after the agreement has ended; to be closed */
export function watchAgreement(shop: ShopDomain): { ended: AbortSignal; close: () => void } {
  const ended = new AbortController();
  const look = async () => {
    if (!(await isWritingAgreed(shop)))
      ended.abort(new Error("the agreement to writing has ended"));
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      log.warn({ shop, err: error }, "could not look whether writing is still agreed to");
    });
  }, LOOK_MS);
  return {
    ended: ended.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}
