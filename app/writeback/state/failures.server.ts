import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { FINAL, type FailureCode } from "#app/writeback/plan/failure-codes.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** How often a customer's write failed in the push that is under way. */
export const FAILED_IN_BULK = 1;
export const FAILED_FOR_NOW = 2;

export type Failure = {
  customerId: string;
  code: FailureCode;
  /** A deletion failed: the figures are written anew, so that it is tried again. */
  metafields: boolean;
};

/** A new push tries everything again but customers who are gone. */
export async function forgetFailures(shop: ShopDomain): Promise<void> {
  await pool.query(
    `UPDATE written_states SET failure_code = NULL, attempts = 0
      WHERE shop = $1 AND failure_code IS NOT NULL AND failure_code <> $2`,
    [shop, FINAL],
  );
}

export async function recordFailures(
  shop: ShopDomain,
  failures: readonly Failure[],
  attempts: typeof FAILED_IN_BULK | typeof FAILED_FOR_NOW,
): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "written-state", shop);
    await client.query(
      `INSERT INTO written_states AS w (shop, customer_id, tags, failure_code, attempts)
       SELECT $1, f.id, '{}', f.code, $5
         FROM unnest($2::text[], $3::text[], $4::boolean[]) AS f (id, code, metafields)
           ON CONFLICT (shop, customer_id) DO NOTHING`,
      [shop, ...columns(failures), attempts],
    );
    await client.query(
      `UPDATE written_states w
          SET failure_code = f.code, attempts = $5,
              spent_minor = CASE WHEN f.metafields THEN NULL ELSE w.spent_minor END
         FROM unnest($2::text[], $3::text[], $4::boolean[]) AS f (id, code, metafields)
        WHERE w.shop = $1 AND w.customer_id = f.id`,
      [shop, ...columns(failures), attempts],
    );
  });
}

function columns(failures: readonly Failure[]) {
  return [
    failures.map((failure) => failure.customerId),
    failures.map((failure) => failure.code),
    failures.map((failure) => failure.metafields),
  ];
}

export async function clearFailure(shop: ShopDomain, customerId: string): Promise<void> {
  await pool.query(
    `UPDATE written_states SET failure_code = NULL, attempts = 0
      WHERE shop = $1 AND customer_id = $2 AND failure_code IS NOT NULL`,
    [shop, customerId],
  );
}

/** Customers whose write failed in the push that is under way and may be tried again. */
export async function readFailed(shop: ShopDomain): Promise<string[]> {
  const { rows } = await pool.query<{ customer_id: string }>(
    `SELECT customer_id FROM written_states
      WHERE shop = $1 AND failure_code IS NOT NULL AND failure_code <> $2`,
    [shop, FINAL],
  );
  return rows.map((row) => row.customer_id);
}

/** Customers whose last write failed, by reason. */
export async function readFailures(shop: ShopDomain): Promise<WritingView["failures"]> {
  const { rows } = await pool.query<{ code: string; customers: number }>(
    `SELECT failure_code AS code, count(*)::int AS customers FROM written_states
      WHERE shop = $1 AND failure_code IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`,
    [shop],
  );
  return rows;
}
