import { isDeepStrictEqual } from "node:util";

import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { defaultTierOptions, type HorizonDays, horizons, type TierOptions } from "#engine";

/** What the merchant chose for scoring; missing where the engine's defaults apply. */
export type ScoringSettings = {
  tierOptions?: TierOptions;
  horizonDays?: HorizonDays;
};

export async function readScoringSettings(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<ScoringSettings> {
  const { rows } = await connection.query<{
    tier_options: Partial<TierOptions> | null;
    horizon_days: number | null;
  }>("select tier_options, horizon_days from shops where shop = $1", [shop]);
  const tierOptions = rows[0]?.tier_options ?? null;
  const horizonDays = horizons.find((days) => days === rows[0]?.horizon_days);
  return {
    ...(tierOptions === null ? {} : { tierOptions: { ...defaultTierOptions, ...tierOptions } }),
    ...(horizonDays === undefined ? {} : { horizonDays }),
  };
}

/**
 * Stores where the tiers begin and enqueues the change of the customers' tiers, which needs neither
 * a new fit nor the orders.
 */
export async function chooseTierOptions(shop: ShopDomain, options: TierOptions): Promise<void> {
  const chosen = isDeepStrictEqual(options, defaultTierOptions) ? null : JSON.stringify(options);
  await inTransaction(async (client) => {
    await client.query("update shops set tier_options = $2 where shop = $1", [shop, chosen]);
    await enqueue("scoring.rescore", { shop }, { client, soon: true });
  });
}

/**
 * Stores the horizon and enqueues the scoring that applies it.
 *
 * @param days null for the one that suits the store
 */
export async function chooseHorizon(shop: ShopDomain, days: HorizonDays | null): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update shops set horizon_days = $2
        where shop = $1 and horizon_days is distinct from $2
          and exists (select from scoring_runs where shop = $1)`,
      [shop, days],
    );
    if (rowCount === 0) {
      await client.query("update shops set horizon_days = $2 where shop = $1", [shop, days]);
      return;
    }
    await showWaiting(client, shop, { task: "score" });
    await enqueue("scoring.run", { shop }, { client, soon: true });
  });
}

/** SQL: the tiers of the run `r` were computed with other options than the shop `s` has now. */
export const HAS_OTHER_TIERS = `r.outcome = 'scored'
  and r.fit -> 'tierOptions' is distinct from s.tier_options`;
