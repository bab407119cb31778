import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** The facts about a shop that calculations need. */
export type ShopRow = {
  shop: ShopDomain;
  /** ISO 4217. */
  currency: string;
  /** IANA name. */
  timeZone: string;
  /** False when the shop granted only the last 60 days of orders. */
  fullHistory: boolean;
  /** In a development store test orders count, since it has no others. */
  developmentStore: boolean;
};

/** @returns null when the shop has not installed the app, or has left */
export async function readInstalled(shop: ShopDomain): Promise<ShopRow | null> {
  const { rows } = await pool.query<ShopRow>(
    `select shop, currency, time_zone as "timeZone", full_history as "fullHistory",
            development_store as "developmentStore"
       from shops where shop = $1 and uninstalled_at is null`,
    [shop],
  );
  return rows[0] ?? null;
}

/**
 * The shop's time zone, an IANA name.
 *
 * @throws Error when the shop is unknown
 */
export async function readTimeZone(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<string> {
  const { rows } = await connection.query<{ timeZone: string }>(
    `select time_zone as "timeZone" from shops where shop = $1`,
    [shop],
  );
  if (rows[0] === undefined) throw new Error(`${shop} is not known`);
  return rows[0].timeZone;
}
