import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";

/**
 * Whoever changes a shop's scores holds this until the transaction ends: what one of them decides,
 * the next one sees.
 */
export async function lockScores(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('scores:' || $1, 0))", [shop]);
}
