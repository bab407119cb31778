import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

/** How often the agreement is checked during a write. */
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

/**
 * @returns a signal that aborts soon after the agreement has ended; the caller must call `close`
 */
export function watchAgreement(shop: ShopDomain): { ended: AbortSignal; close: () => void } {
  const ended = new AbortController();
  const check = async () => {
    if (!(await isWritingAgreed(shop)))
      ended.abort(new Error("the agreement to writing has ended"));
  };
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      log.warn({ shop, err: error }, "could not check the agreement to writing");
    });
  }, POLL_MS);
  return {
    ended: ended.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}
