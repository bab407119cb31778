import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueueDeletionChecks } from "#app/orders/customers/tombstones.server.ts";
import { markPending } from "#app/scoring/store/pending-writes.server.ts";
import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import {
  type MetafieldKey,
  metafieldKeys,
  metafieldTypes,
} from "#app/writeback/plan/metafields.ts";
import { tierTags } from "#app/writeback/plan/tags.ts";

/**
 * Applies new tombstones to the written state. A deleted customer has none. A customer who received
 * a merged one gets the tags and metafields of both from Shopify, so all of ours are assumed to be
 * present: the next plan writes what is desired and removes the rest. Customers who were missing in
 * a write are checked for deletion.
 *
 * Must not be called while the result of a write is still to be read.
 */
export async function applyTombstones(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "written-state", shop);
    const { rows } = await client.query<{ customerId: string; into: string | null }>(
      `select customer_id as "customerId", into_customer_id as into from gone_customers
        where shop = $1 and settled_at is null order by found_at, customer_id for update`,
      [shop],
    );
    for (const { into } of rows) {
      if (into === null) continue;
      await assumeAllWritten(client, shop, into);
      await markPending(client, shop, [into]);
    }
    await client.query(
      "update gone_customers set settled_at = now() where shop = $1 and customer_id = any($2)",
      [shop, rows.map(({ customerId }) => customerId)],
    );
    await client.query(
      `delete from written_states w using gone_customers g
        where w.shop = $1 and g.shop = $1 and g.customer_id = w.customer_id`,
      [shop],
    );
    const missing = await client.query<{ customer_id: string }>(
      "select customer_id from written_states where shop = $1 and failure_code = $2",
      [shop, FINAL],
    );
    await enqueueDeletionChecks(
      client,
      shop,
      missing.rows.map((row) => row.customer_id),
    );
  });
}

/** A placeholder that we never write, for a value that may be present but is unknown. */
const someValue: Record<(typeof metafieldTypes)[MetafieldKey], string> = {
  single_line_text_field: "",
  number_decimal: "0",
  date: "1970-01-01",
};

const anyValue = metafieldKeys
  .map((key) => `${key} = coalesce(${key}, '${someValue[metafieldTypes[key]]}')`)
  .join(", ");

/**
 * Assumes all of ours to be on the kept customer. The written state of the other is not reliable: a
 * write to it may have failed because of the merge. Removing a tag or value that is not present is
 * no error.
 */
async function assumeAllWritten(
  client: pg.PoolClient,
  shop: ShopDomain,
  into: string,
): Promise<void> {
  await client.query(
    `insert into written_states (shop, customer_id, tags) values ($1, $2, '{}')
     on conflict (shop, customer_id) do nothing`,
    [shop, into],
  );
  await client.query(
    `update written_states set tags = $3, doubtful = $3, spent_minor = null, ${anyValue}
      where shop = $1 and customer_id = $2`,
    [shop, into, tierTags],
  );
}
