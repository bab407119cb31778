import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { type FailureCode, FINAL } from "#app/writeback/plan/failure-codes.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** Values of `attempts`: how often a customer's write failed in the current push. */
export const FAILED_IN_BULK = 1;
export const FAILED_FOR_NOW = 2;

export type Failure = {
  customerId: string;
  code: FailureCode;
  /** Whether deleting metafields may have failed: then the figures are planned again. */
  metafields: boolean;
};

/** A new push retries all failures but those of missing customers. */
export async function forgetFailures(shop: ShopDomain): Promise<void> {
  await pool.query(
    `update written_states set failure_code = null, attempts = 0
      where shop = $1 and failure_code is not null and failure_code <> $2`,
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
      `insert into written_states as w (shop, customer_id, tags, failure_code, attempts)
       select $1, f.id, '{}', f.code, $5
         from unnest($2::text[], $3::text[], $4::boolean[]) as f (id, code, metafields)
           on conflict (shop, customer_id) do nothing`,
      [shop, ...columns(failures), attempts],
    );
    await client.query(
      `update written_states w
          set failure_code = f.code, attempts = $5,
              spent_minor = case when f.metafields then null else w.spent_minor end
         from unnest($2::text[], $3::text[], $4::boolean[]) as f (id, code, metafields)
        where w.shop = $1 and w.customer_id = f.id`,
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
    `update written_states set failure_code = null, attempts = 0
      where shop = $1 and customer_id = $2 and failure_code is not null`,
    [shop, customerId],
  );
}

/** Customers whose write failed in the current push and may be retried. */
export async function readFailed(shop: ShopDomain): Promise<string[]> {
  const { rows } = await pool.query<{ customer_id: string }>(
    `select customer_id from written_states
      where shop = $1 and failure_code is not null and failure_code <> $2`,
    [shop, FINAL],
  );
  return rows.map((row) => row.customer_id);
}

/** Number of customers whose last write failed, by reason. */
export async function readFailures(shop: ShopDomain): Promise<WritingView["failures"]> {
  const { rows } = await pool.query<{ code: string; customers: number }>(
    `select failure_code as code, count(*)::int as customers from written_states
      where shop = $1 and failure_code is not null group by 1 order by 2 desc, 1`,
    [shop],
  );
  return rows;
}
