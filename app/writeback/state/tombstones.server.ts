import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueueDeletionChecks } from "#app/orders/customers/tombstones.server.ts";
import { markPending } from "#app/scoring/store/pending-writes.server.ts";

import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import {
  metafieldKeys,
  metafieldTypes,
  type MetafieldKey,
} from "#app/writeback/plan/metafields.ts";
import { tierTags } from "#app/writeback/plan/tags.ts";

/**
 * Draws the consequences of customers being gone: nothing is known to stand on them any more. Where
 * one was merged, Shopify has put the tags of both on the other, so that all of ours may stand there:
 * the next plan adds what is wanted again and removes the rest. Metafields of either may stand, so
 * that they are written anew. Who could not be written to because Shopify did not know them is asked
 * after.
 *
 * To be called when no write is under way whose outcome is still to be read.
 */
export async function applyTombstones(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "written-state", shop);
    const { rows } = await client.query<{ customerId: string; into: string | null }>(
      `SELECT customer_id AS "customerId", into_customer_id AS into FROM gone_customers
        WHERE shop = $1 AND settled_at IS NULL ORDER BY found_at, customer_id FOR UPDATE`,
      [shop],
    );
    for (const { into } of rows) {
      if (into === null) continue;
      await assumeAllWritten(client, shop, into);
      await markPending(client, shop, [into]);
    }
    await client.query(
      "UPDATE gone_customers SET settled_at = now() WHERE shop = $1 AND customer_id = ANY($2)",
      [shop, rows.map(({ customerId }) => customerId)],
    );
    await client.query(
      `DELETE FROM written_states w USING gone_customers g
        WHERE w.shop = $1 AND g.shop = $1 AND g.customer_id = w.customer_id`,
      [shop],
    );
    const missing = await client.query<{ customer_id: string }>(
      "SELECT customer_id FROM written_states WHERE shop = $1 AND failure_code = $2",
      [shop, FINAL],
    );
    await enqueueDeletionChecks(
      client,
      shop,
      missing.rows.map((row) => row.customer_id),
    );
  });
}

/** A value that is none of ours: that one may stand whose text we do not know. */
const someValue: Record<(typeof metafieldTypes)[MetafieldKey], string> = {
  single_line_text_field: "",
  number_decimal: "0",
  date: "1970-01-01",
};

const anyValue = metafieldKeys
  .map((key) => `${key} = coalesce(${key}, '${someValue[metafieldTypes[key]]}')`)
  .join(", ");

/**
 * All of ours may stand on the kept customer, whatever is known of the other: a write to the other
 * may have failed because of the merge, and what was known before it may be forgotten by then. To
 * remove a tag or a value that does not stand is no error.
 */
async function assumeAllWritten(
  client: pg.PoolClient,
  shop: ShopDomain,
  into: string,
): Promise<void> {
  await client.query(
    `INSERT INTO written_states (shop, customer_id, tags) VALUES ($1, $2, '{}')
     ON CONFLICT (shop, customer_id) DO NOTHING`,
    [shop, into],
  );
  await client.query(
    `UPDATE written_states SET tags = $3, doubtful = $3, spent_minor = NULL, ${anyValue}
      WHERE shop = $1 AND customer_id = $2`,
    [shop, into, tierTags],
  );
}
