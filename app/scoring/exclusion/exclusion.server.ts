import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { isWritingAgreed } from "#app/shop/writing-agreement.server.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";

import type { ExclusionReason } from "./exclusion-tag.ts";
import { removeScores } from "#app/scoring/store/remove-scores.server.ts";

/**
 * Removes every score, present and past, of customers who are not to be scored. A scoring calls it
 * as well, since it may have read its purchases before a customer was left out. Runs that had such
 * a customer are marked, because these cannot be made again.
 */
export async function removeExcludedScores(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  const ofExcluded = (table: string) =>
    `DELETE FROM ${table} t USING excluded_customers e
      WHERE t.shop = $1 AND e.shop = $1 AND t.customer_id = e.customer_id`;
  const scored = await client.query<{ customer_id: string }>(
    `SELECT customer_id FROM scores JOIN excluded_customers USING (shop, customer_id)
      WHERE shop = $1`,
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
    `WITH gone AS (${ofExcluded("score_history")} RETURNING t.as_of)
     UPDATE scoring_runs SET redacted_at = now()
      WHERE shop = $1 AND redacted_at IS NULL AND as_of IN (SELECT as_of FROM gone)`,
    [shop],
  );
}

/**
 * Leaves a customer out of every scoring, as the merchant asks: the scores go at once, and what
 * stands in Shopify with the next write, which is asked for in the same transaction.
 *
 * @returns false when the shop has no order of such a customer: then nothing happens
 */
export async function optOut(shop: ShopDomain, customer: CustomerId): Promise<boolean> {
  return inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    const known = await client.query(
      "SELECT 1 FROM orders WHERE shop = $1 AND customer_id = $2 LIMIT 1",
      [shop, customer],
    );
    if (known.rowCount === 0) return false;
    await client.query(
      `INSERT INTO excluded_customers (shop, customer_id, source) VALUES ($1, $2, 'merchant')
       ON CONFLICT DO NOTHING`,
      [shop, customer],
    );
    await applyExclusion(client, shop, [customer]);
    return true;
  });
}

/**
 * Takes that back. A customer who carries the exclusion tag stays left out.
 *
 * @returns false when the shop has no such customer: neither orders nor a reason to leave them out
 */
export async function optIn(shop: ShopDomain, customer: CustomerId): Promise<boolean> {
  return inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    const { rowCount } = await client.query(
      "DELETE FROM excluded_customers WHERE shop = $1 AND customer_id = $2 AND source = 'merchant'",
      [shop, customer],
    );
    if (rowCount === 0 && !(await isCustomer(client, shop, customer))) return false;
    await applyExclusion(client, shop, [customer]);
    return true;
  });
}

/** Whether the shop knows of the customer: by an order, or as one who is left out. */
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

/** Asks for all that follows when these customers were left out, or are no longer. */
export async function applyExclusion(
  client: pg.PoolClient,
  shop: ShopDomain,
  customers: readonly string[],
): Promise<void> {
  await removeExcludedScores(client, shop);
  await markChanged(client, shop, customers);
  if (await isWritingAgreed(shop, client)) await enqueue("writeback.push", { shop }, { client });
}

/** Why a customer is left out; empty for one who is scored. */
export async function readExclusion(
  shop: ShopDomain,
  customer: CustomerId,
): Promise<ExclusionReason[]> {
  const { rows } = await pool.query<{ source: ExclusionReason["source"]; since: Date }>(
    `SELECT source, since FROM excluded_customers WHERE shop = $1 AND customer_id = $2
      ORDER BY source`,
    [shop, customer],
  );
  return rows.map(({ source, since }) => ({ source, since: since.toISOString() }));
}
