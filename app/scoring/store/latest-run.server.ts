import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { Basis } from "#app/orders/purchases/order-counts.ts";
import type { RuleCheck, StoreFit } from "#engine";

import type { Totals } from "./totals.ts";

/** The newest scoring run of a shop, on which its screens and writes rest. */
export type LatestRun = {
  id: string;
  /** ISO date; scores use orders of days before it. */
  asOf: string;
  createdAt: Date;
  horizonDays: number;
  rules: RuleCheck[];
  basis: Basis;
  /** Null when the gate refused. */
  scored: { fit: StoreFit; totals: Totals } | null;
};

/** @param client to read in a transaction */
export async function readLatestRun(
  shop: ShopDomain,
  client: pg.Pool | pg.PoolClient = pool,
): Promise<LatestRun | null> {
  const { rows } = await client.query<{
    id: string;
    as_of: string;
    created_at: Date;
    horizon_days: number;
    gate: RuleCheck[];
    basis: Omit<Basis, "excluded"> & Partial<Basis>;
    fit: StoreFit | null;
    totals: Totals | null;
  }>(
    `select id, as_of::text, created_at, horizon_days, gate, basis, fit, totals
       from scoring_runs where shop = $1 and not reconstructed
      order by created_at desc limit 1`,
    [shop],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    asOf: row.as_of,
    createdAt: row.created_at,
    horizonDays: row.horizon_days,
    rules: row.gate,
    // Missing in runs from before customers could be excluded.
    basis: { ...row.basis, excluded: row.basis.excluded ?? { customers: 0, orders: 0 } },
    scored: row.fit && row.totals ? { fit: row.fit, totals: row.totals } : null,
  };
}
