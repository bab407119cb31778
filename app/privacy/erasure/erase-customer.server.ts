import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { customerDigest } from "#app/orders/customers/erased-customers.server.ts";
import { heldTables } from "#app/privacy/tables.ts";
import { removeScores } from "#app/scoring/store/remove-scores.server.ts";

export type Erasure = {
  /** Whether there was anything to erase. */
  found: boolean;
  /** When something was last found, by the database's clock. */
  since: Date;
};

/**
 * Erases a customer in the caller's transaction: deletes all rows about them, and removes their id
 * from their orders, which stay as guest orders, like in Shopify. The runs they were part of are
 * marked, because they can no longer be reproduced. Idempotent.
 *
 * @param except the webhook being handled, which keeps the customer's id until it is done
 */
export async function eraseCustomer(
  client: pg.PoolClient,
  shop: ShopDomain,
  { customerId, except }: { customerId: string; except: string },
): Promise<Erasure> {
  await takeLock(client, "erasure", shop);
  await removeScores(client, shop, [customerId]);
  const about = [shop, customerId];
  await client.query(
    `update scoring_runs r set redacted_at = now()
      where r.shop = $1 and r.redacted_at is null and exists (
        select 1 from score_history h
         where h.shop = $1 and h.customer_id = $2 and h.as_of = r.as_of)`,
    about,
  );
  let rows = 0;
  for (const { table, customer, onErasure } of heldTables) {
    if (customer === null) continue;
    const what =
      onErasure === "unlink" ? `update ${table} set ${customer} = null` : `delete from ${table}`;
    const { rowCount } = await client.query(`${what} where shop = $1 and ${customer} = $2`, about);
    rows += rowCount ?? 0;
  }
  await forgetWebhooks(client, { shop, customerId, except });
  const found = rows > 0;
  return { found, since: await remember(client, shop, { customerId, found }) };
}

/**
 * Stores the digest that keeps the customer from being stored again.
 * @returns when something about them was last found
 */
async function remember(
  client: pg.PoolClient,
  shop: ShopDomain,
  { customerId, found }: { customerId: string; found: boolean },
): Promise<Date> {
  const { rows } = await client.query<{ redacted_at: Date }>(
    `insert into redacted_customers as r (shop, customer_digest, redacted_at)
     values ($1, $2, clock_timestamp())
     on conflict (shop, customer_digest) do update
       set redacted_at = case when $3 then excluded.redacted_at else r.redacted_at end
     returning redacted_at`,
    [shop, customerDigest(shop, customerId), found],
  );
  if (rows[0] === undefined) throw new Error("An erased customer was not recorded");
  return rows[0].redacted_at;
}

/** Clears and marks as handled all webhooks about the customer, including merges with another. */
async function forgetWebhooks(
  client: pg.PoolClient,
  { shop, customerId, except }: { shop: ShopDomain; customerId: string; except: string },
): Promise<void> {
  await client.query(
    `update webhook_inbox
        set resource_id = null, related_id = null, handled_at = coalesce(handled_at, now())
      where shop = $1 and topic like 'customers/%' and webhook_id <> $3
        and (resource_id ~ ('\\m' || $2 || '\\M') or related_id = $2)`,
    [shop, customerId, except],
  );
}
