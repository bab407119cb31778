import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { shopDigest } from "#app/privacy/erasure/erase-shop.server.ts";
import { endInstallation } from "#app/shop/uninstall.server.ts";

// Functions for the operator's commands.

export type Departure = { shop: ShopDomain; state: "unconfirmed" | "left"; since: Date };

/** Shops with an unconfirmed departure, and shops that have left; earliest first. */
export async function departures(): Promise<Departure[]> {
  const { rows } = await pool.query<Departure>(
    `select shop, case when uninstalled_at is null then 'unconfirmed' else 'left' end as state,
            coalesce(uninstalled_at, access_lost_at) as since
       from shops
      where uninstalled_at is not null or (access_lost_at is not null and exists (
        select 1 from webhook_inbox w
         where w.shop = shops.shop and w.handled_at is null
           and w.topic in ('app/uninstalled', 'shop/redact')))
      order by since, shop`,
  );
  return rows;
}

/**
 * The operator confirms that the shop removed the app. The days of grace begin.
 *
 * @param because the operator's evidence, stored with the record of the erasure
 * @returns false when the shop has no installation
 */
export function confirmDeparture(shop: ShopDomain, because: string): Promise<boolean> {
  return inTransaction(async (client) => {
    await takeLock(client, "token", shop);
    return endInstallation(client, shop, `operator: ${because}`);
  });
}

export type Erasure = {
  beganAt: Date;
  finishedAt: Date | null;
  askedBy: string;
  evidence: string | null;
};

/** The records of a shop's erasures, latest first. */
export async function erasuresOf(shop: ShopDomain): Promise<Erasure[]> {
  const { rows } = await pool.query<Erasure>(
    `select began_at as "beganAt", finished_at as "finishedAt", asked_by as "askedBy", evidence
       from shop_erasures where shop_digest = $1 order by began_at desc`,
    [shopDigest(shop)],
  );
  return rows;
}
