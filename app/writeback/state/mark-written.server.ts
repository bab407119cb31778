import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { DesiredOptions } from "#app/writeback/plan/desired-state.ts";
import { FINAL } from "#app/writeback/plan/failure-codes.ts";

import { unchangedPages } from "./planned-writes.server.ts";

/** Whether the diff must go over all customers, because it has not yet done so for this run. */
export async function isFullDiffDue(shop: ShopDomain, runId: string): Promise<boolean> {
  const { writtenRunId } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  return writtenRunId !== runId;
}

/** Records that all customers were diffed with this run; those whose write failed become pending. */
export async function markAllWritten(shop: ShopDomain, runId: string): Promise<void> {
  await inTransaction(async (client) => {
    await client.query(
      `insert into pending_writes (shop, customer_id)
       select shop, customer_id from written_states
        where shop = $1 and failure_code is not null and failure_code <> $2 order by customer_id
           on conflict (shop, customer_id) do nothing`,
      [shop, FINAL],
    );
    await client.query("update shops set written_run_id = $2 where shop = $1", [shop, runId]);
  });
}

/**
 * Removes the pending writes of customers who have nothing left to write or are missing in Shopify.
 */
export async function clearPending(shop: ShopDomain, options: DesiredOptions): Promise<void> {
  for await (const page of unchangedPages(shop, options)) {
    await pool.query(
      `delete from pending_writes p
        using unnest($2::text[], $3::bigint[]) as seen (customer_id, mark)
        where p.shop = $1 and p.customer_id = seen.customer_id and p.mark = seen.mark`,
      [shop, page.map(({ customerId }) => customerId), page.map(({ mark }) => mark)],
    );
  }
  await pool.query(
    `delete from pending_writes p using written_states w
      where p.shop = $1 and w.shop = $1 and w.customer_id = p.customer_id and w.failure_code = $2`,
    [shop, FINAL],
  );
}
