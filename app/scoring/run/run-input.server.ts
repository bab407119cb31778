import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type ChangeMark,
  clearMarks,
  markChanged,
  readMarks,
} from "#app/orders/customers/changed-customers.server.ts";

/** Marks a run clears; with more, some customers are scored once more after it. */
const MARKS = 50_000;

/** What had happened before a run read the shop's orders. */
export type RunInput = { marks: ChangeMark[]; lastUpdate: string };

/** Call before the orders are read: they then hold all that this tells of. */
export async function readRunInput(shop: ShopDomain): Promise<RunInput> {
  const marks = await readMarks(shop, MARKS);
  const { rows } = await pool.query<{ last: string }>(
    "select coalesce(max(number), 0) as last from score_updates where shop = $1",
    [shop],
  );
  return { marks, lastUpdate: rows[0]?.last ?? "0" };
}

/**
 * In the transaction that saves the run, before it removes what was kept: what the run has seen is
 * done. Customers scored while it worked may have had orders it has not seen, and are marked again.
 */
export async function markInputScored(
  client: pg.PoolClient,
  shop: ShopDomain,
  { marks, lastUpdate }: RunInput,
): Promise<void> {
  await clearMarks(client, shop, marks);
  const { rows } = await client.query<{ customer_id: string }>(
    "select customer_id from score_updates where shop = $1 and number > $2",
    [shop, lastUpdate],
  );
  await markChanged(
    client,
    shop,
    rows.map((row) => row.customer_id),
  );
}
