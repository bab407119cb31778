import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { Basis } from "#app/orders/purchases/order-counts.ts";
import type { RuleCheck, StoreFit } from "#engine";

import type { Totals } from "./totals.ts";

/** The newest scoring of a shop: what its screens show and what may be written. */
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

/** @param client reads it in a transaction */
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
    `SELECT id, as_of::text, created_at, horizon_days, gate, basis, fit, totals
       FROM scoring_runs WHERE shop = $1 AND NOT reconstructed
      ORDER BY created_at DESC LIMIT 1`,
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
    // A run of before customers could be left out has none.
    basis: { ...row.basis, excluded: row.basis.excluded ?? { customers: 0, orders: 0 } },
    scored: row.fit && row.totals ? { fit: row.fit, totals: row.totals } : null,
  };
}
