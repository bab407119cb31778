import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { ShopRow } from "./install.server.ts";

/** What is kept of a shop; null when it has not installed the app, or has removed it. */
export async function readInstalled(shop: ShopDomain): Promise<ShopRow | null> {
  const { rows } = await pool.query<ShopRow>(
    `select shop, currency, time_zone as "timeZone", full_history as "fullHistory",
            development_store as "developmentStore"
       from shops where shop = $1 and uninstalled_at is null`,
    [shop],
  );
  return rows[0] ?? null;
}
