import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { customerDigest } from "#app/orders/customers/erased-customers.server.ts";
import { removeScores } from "#app/scoring/store/remove-scores.server.ts";

import { heldTables } from "#app/privacy/tables.ts";

export type Erasure = {
  /** Whether anything was there to be erased. */
  found: boolean;
  /** The database's time at which something was last found. */
  since: Date;
};

/**
 * Erases a customer in the caller's transaction: every row about them, and their number from their
 * orders, which stay in the shop as orders of nobody, as Shopify then shows them. The runs they were
 * part of are marked, because these cannot be made again. Doing it twice changes nothing more.
 *
 * @param except the webhook whose handling this is: it stays readable until it is done
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
  for (const { table, customer, whenRedacted } of heldTables) {
    if (customer === null) continue;
    const what =
      whenRedacted === "unlink" ? `update ${table} set ${customer} = null` : `delete from ${table}`;
    const { rowCount } = await client.query(`${what} where shop = $1 and ${customer} = $2`, about);
    rows += rowCount ?? 0;
  }
  await forgetWebhooks(client, { shop, customerId, except });
  const found = rows > 0;
  return { found, since: await remember(client, shop, { customerId, found }) };
}

/** Keeps the digest by which they are kept out. @returns when something of theirs was last found */
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

/** Webhooks about the customer, alone or with another as a merge is; nothing is left to do for them. */
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
