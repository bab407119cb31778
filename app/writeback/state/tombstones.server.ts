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
 * Applies new tombstones to the written state: a deleted customer has none. Where one was merged, Shopify
 * has put the tags of both on the other, who may have any of ours: the next plan adds what is desired again
 * and removes the rest. Metafields of either may be there, so that they are written again. Customers whom
 * Shopify did not know when they were written to are checked for deletion.
 *
 * To be called when no write is under way whose outcome is still to be read.
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

/** A value that is none of ours: one may be there whose text we do not know. */
const someValue: Record<(typeof metafieldTypes)[MetafieldKey], string> = {
  single_line_text_field: "",
  number_decimal: "0",
  date: "1970-01-01",
};

const anyValue = metafieldKeys
  .map((key) => `${key} = coalesce(${key}, '${someValue[metafieldTypes[key]]}')`)
  .join(", ");

/**
 * All of ours may be on the kept customer, whatever is known of the other: a write to the other
 * may have failed because of the merge, and what was known before it may be forgotten by then. To
 * remove a tag or a value that is not there is no error.
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
