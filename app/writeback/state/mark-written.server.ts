import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import { unchangedPages } from "./planned-writes.server.ts";
import type { DesiredOptions } from "#app/writeback/plan/desired-state.ts";

/** Whether all customers are to be looked at: not all were with the scores of this run. */
export async function isFullDiffDue(shop: ShopDomain, runId: string): Promise<boolean> {
  const { writtenRunId } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  return writtenRunId !== runId;
}

/** Everybody was looked at, and written to but for failures: these wait for the next push. */
export async function markAllWritten(shop: ShopDomain, runId: string): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      `INSERT INTO pending_writes (shop, customer_id)
       SELECT shop, customer_id FROM written_states
        WHERE shop = $1 AND failure_code IS NOT NULL AND failure_code <> $2 ORDER BY customer_id
           ON CONFLICT (shop, customer_id) DO NOTHING`,
      [shop, FINAL],
    );
    await client.query("UPDATE shops SET written_run_id = $2 WHERE shop = $1", [shop, runId]);
  });
}

/** Nobody waits any more for whom nothing is left to write, or to whom nothing can be written. */
export async function clearPending(shop: ShopDomain, options: DesiredOptions): Promise<void> {
  for await (const page of unchangedPages(shop, options)) {
    await pool.query(
      `DELETE FROM pending_writes p
        USING unnest($2::text[], $3::bigint[]) AS seen (customer_id, mark)
        WHERE p.shop = $1 AND p.customer_id = seen.customer_id AND p.mark = seen.mark`,
      [shop, page.map(({ customerId }) => customerId), page.map(({ mark }) => mark)],
    );
  }
  await pool.query(
    `DELETE FROM pending_writes p USING written_states w
      WHERE p.shop = $1 AND w.shop = $1 AND w.customer_id = p.customer_id AND w.failure_code = $2`,
    [shop, FINAL],
  );
}
