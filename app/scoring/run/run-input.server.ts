import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  clearMarks,
  markChanged,
  readMarks,
  type ChangeMark,
} from "#app/orders/customers/changed-customers.server.ts";

/** Marks a run clears; with more, some customers are scored once more after it. */
const MARKS = 50_000;

/** What had happened before a run read the shop's orders. */
export type RunInput = { marks: ChangeMark[]; lastUpdate: string };

/** Call before the orders are read: they then hold all that this tells of. */
export async function readRunInput(shop: ShopDomain): Promise<RunInput> {
  const marks = await readMarks(shop, MARKS);
  const { rows } = await pool.query<{ last: string }>(
    "SELECT coalesce(max(number), 0) AS last FROM score_updates WHERE shop = $1",
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
    "SELECT customer_id FROM score_updates WHERE shop = $1 AND number > $2",
    [shop, lastUpdate],
  );
  await markChanged(
    client,
    shop,
    rows.map((row) => row.customer_id),
  );
}
