import type pg from "pg";

import type { ShopDomain } from "#app/ids.ts";
import { customerDigest, lockForErasing } from "#app/orders/redacted.server.ts";
import { removeScores } from "#app/scoring/remove-scores.server.ts";

import { heldTables } from "./tables.ts";

/**
 * Erases a customer in the caller's transaction: every row about them, and their number from their
 * orders, which stay in the shop as orders of nobody, as Shopify then shows them. The runs they were
 * part of are marked, because these cannot be made again. Doing it twice changes nothing more.
 *
 * @param except the webhook whose handling this is: it stays readable until it is done
 * @returns the database's time by which they were first erased
 */
export async function eraseCustomer(
  client: pg.PoolClient,
  shop: ShopDomain,
  { customerId, except }: { customerId: string; except: string },
): Promise<Date> {
  await lockForErasing(client, shop);
  await removeScores(client, shop, [customerId]);
  const about = [shop, customerId];
  await client.query(
    `update scoring_runs r set redacted_at = now()
      where r.shop = $1 and r.redacted_at is null and exists (
        select 1 from score_history h
         where h.shop = $1 and h.customer_id = $2 and h.as_of = r.as_of)`,
    about,
  );
  for (const { table, customer, whenRedacted } of heldTables) {
    if (customer === null) continue;
    const what =
      whenRedacted === "unlink" ? `update ${table} set ${customer} = null` : `delete from ${table}`;
    await client.query(`${what} where shop = $1 and ${customer} = $2`, about);
  }
  await forgetWebhooks(client, { shop, customerId, except });
  const digest = [shop, customerDigest(shop, customerId)];
  await client.query(
    `insert into redacted_customers (shop, customer_digest, redacted_at)
     values ($1, $2, clock_timestamp()) on conflict do nothing`,
    digest,
  );
  const { rows } = await client.query<{ redacted_at: Date }>(
    "select redacted_at from redacted_customers where shop = $1 and customer_digest = $2",
    digest,
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
