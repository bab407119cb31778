import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { removeScores } from "#app/scoring/store/remove-scores.server.ts";
import { isWritingOn } from "#app/shop/writing-agreement.server.ts";

import type { ExclusionReason } from "./exclusion-tag.ts";

/**
 * Removes all scores, present and past, of excluded customers. A scoring calls it too, since a
 * customer may have been excluded after it loaded the purchases. Runs with such a customer are
 * marked, because they can no longer be reproduced.
 */
export async function removeExcludedScores(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  const ofExcluded = (table: string) =>
    `delete from ${table} t using excluded_customers e
      where t.shop = $1 and e.shop = $1 and t.customer_id = e.customer_id`;
  const scored = await client.query<{ customer_id: string }>(
    `select customer_id from scores join excluded_customers using (shop, customer_id)
      where shop = $1`,
    [shop],
  );
  await removeScores(
    client,
    shop,
    scored.rows.map((row) => row.customer_id),
  );
  await client.query(ofExcluded("score_updates"), [shop]);
  await client.query(ofExcluded("tier_changes"), [shop]);
  await client.query(
    `with gone as (${ofExcluded("score_history")} returning t.as_of)
     update scoring_runs set redacted_at = now()
      where shop = $1 and redacted_at is null and as_of in (select as_of from gone)`,
    [shop],
  );
}

/**
 * Opts a customer out of scoring for the merchant. Scores are removed at once; tags and metafields
 * in Shopify by the next write, which is enqueued in the same transaction.
 *
 * @returns false, without a change, when the shop has no order of this customer
 */
export async function optOut(shop: ShopDomain, customer: CustomerId): Promise<boolean> {
  return inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    const known = await client.query(
      "select 1 from orders where shop = $1 and customer_id = $2 limit 1",
      [shop, customer],
    );
    if (known.rowCount === 0) return false;
    await client.query(
      `insert into excluded_customers (shop, customer_id, source) values ($1, $2, 'merchant')
       on conflict do nothing`,
      [shop, customer],
    );
    await applyExclusion(client, shop, [customer]);
    return true;
  });
}

/**
 * Reverts an opt-out. A customer who carries the exclusion tag stays excluded.
 *
 * @returns false when the shop has neither orders nor an exclusion of this customer
 */
export async function optIn(shop: ShopDomain, customer: CustomerId): Promise<boolean> {
  return inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    const { rowCount } = await client.query(
      "delete from excluded_customers where shop = $1 and customer_id = $2 and source = 'merchant'",
      [shop, customer],
    );
    if (rowCount === 0 && !(await isCustomer(client, shop, customer))) return false;
    await applyExclusion(client, shop, [customer]);
    return true;
  });
}

/** Whether the customer has an order or an exclusion. */
async function isCustomer(
  client: pg.PoolClient,
  shop: ShopDomain,
  customer: CustomerId,
): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `select exists (select 1 from orders where shop = $1 and customer_id = $2)
         or exists (select 1 from excluded_customers where shop = $1 and customer_id = $2) as known`,
    [shop, customer],
  );
  return rows[0]?.known === true;
}

/** Applies a change of exclusions: removes scores, marks the customers, and enqueues a write. */
export async function applyExclusion(
  client: pg.PoolClient,
  shop: ShopDomain,
  customers: readonly string[],
): Promise<void> {
  await removeExcludedScores(client, shop);
  await markChanged(client, shop, customers);
  if (await isWritingOn(shop, client)) await enqueue("writeback.push", { shop }, { client });
}

/** Why a customer is excluded; empty for one who is scored. */
export async function readExclusion(
  shop: ShopDomain,
  customer: CustomerId,
): Promise<ExclusionReason[]> {
  const { rows } = await pool.query<{ source: ExclusionReason["source"]; since: Date }>(
    `select source, since from excluded_customers where shop = $1 and customer_id = $2
      order by source`,
    [shop, customer],
  );
  return rows.map(({ source, since }) => ({ source, since: since.toISOString() }));
}
