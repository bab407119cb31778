import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type ChangeMark,
  clearMarks,
  markChanged,
  readMarks,
} from "#app/orders/customers/changed-customers.server.ts";

/** Most marks that a run clears; customers beyond are rescored once more. */
const MARKS = 50_000;

/** The marks and the last score update from before a run loaded the orders. */
export type RunInput = { marks: ChangeMark[]; lastUpdate: string };

/** To be called before the orders are loaded, so that these include all marked changes. */
export async function readRunInput(shop: ShopDomain): Promise<RunInput> {
  const marks = await readMarks(shop, MARKS);
  const { rows } = await pool.query<{ last: string }>(
    "select coalesce(max(number), 0) as last from score_updates where shop = $1",
    [shop],
  );
  return { marks, lastUpdate: rows[0]?.last ?? "0" };
}

/**
 * Clears the marks that the run has covered, in the transaction that saves it and before that
 * deletes score updates. Customers rescored during the run may have orders it has not seen, and are
 * marked again.
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
