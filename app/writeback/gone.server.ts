import type pg from "pg";

import { inTransaction } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { askAfter } from "#app/orders/gone-customers.server.ts";
import { markPending } from "#app/scoring/pending-writes.server.ts";

import { FINAL } from "./failures.ts";
import { lockKnown } from "./known.server.ts";
import { metafieldKeys } from "./metafields.ts";
import { tierTags } from "./tags.ts";

/**
 * Draws the consequences of customers being gone: nothing is known to stand on them any more. Where
 * one was merged, Shopify has put the tags of both on the other, so that all of ours may stand there:
 * the next plan adds what is wanted again and removes the rest. Metafields of either may stand, so
 * that they are written anew. Who could not be written to because Shopify did not know them is asked
 * after.
 *
 * To be called when no write is under way whose outcome is still to be read.
 */
export async function settleGone(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await lockKnown(client, shop);
    const { rows } = await client.query<{ customerId: string; into: string | null }>(
      `SELECT customer_id AS "customerId", into_customer_id AS into FROM gone_customers
        WHERE shop = $1 AND settled_at IS NULL ORDER BY found_at, customer_id FOR UPDATE`,
      [shop],
    );
    for (const { customerId, into } of rows) {
      if (into === null) continue;
      await unite(client, shop, { customerId, into });
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
    await askAfter(
      client,
      shop,
      missing.rows.map((row) => row.customer_id),
    );
  });
}

const eitherValue = metafieldKeys
  .map((key) => `${key} = coalesce(kept.${key}, gone.${key})`)
  .join(", ");

/**
 * What may stand on the kept customer: what is known of both. Of a customer who was first taken to be
 * deleted nothing is known any more, so that each of our tags may stand. Nothing does where nothing
 * was ever written.
 */
async function unite(
  client: pg.PoolClient,
  shop: ShopDomain,
  { customerId, into }: { customerId: string; into: string },
): Promise<void> {
  await client.query(
    `INSERT INTO written_states (shop, customer_id, tags)
     SELECT shop, $3, '{}' FROM written_states WHERE shop = $1 AND customer_id = $2
     ON CONFLICT (shop, customer_id) DO NOTHING`,
    [shop, customerId, into],
  );
  await client.query(
    `UPDATE written_states kept
        SET tags = ARRAY(SELECT DISTINCT t
                           FROM unnest(kept.tags || coalesce(gone.tags, $4::text[])) t ORDER BY t),
            unsure = true, spent_minor = NULL, ${eitherValue}
       FROM (SELECT $1::text AS shop, $2::text AS customer_id) one
       LEFT JOIN written_states gone USING (shop, customer_id)
      WHERE kept.shop = $1 AND kept.customer_id = $3`,
    [shop, customerId, into, tierTags],
  );
}
