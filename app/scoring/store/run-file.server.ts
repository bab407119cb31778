import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/**
 * Everything that is kept of the newest run but the customers: models, parameters, tests on past
 * windows, gate, order counts, totals. Null before the first run.
 */
export async function readRunFile(
  shop: ShopDomain,
): Promise<{ name: string; file: string } | null> {
  const { rows } = await pool.query<{ day: string; run: string }>(
    `select as_of::text as day,
            jsonb_pretty(to_jsonb(r) - 'shop' - 'write_plan' - 'redacted_at' - 'follows_weeks') as run
       from scoring_runs r where shop = $1 and not reconstructed
      order by created_at desc limit 1`,
    [shop],
  );
  const [row] = rows;
  return row ? { name: `encore-run-${row.day}.json`, file: row.run } : null;
}
