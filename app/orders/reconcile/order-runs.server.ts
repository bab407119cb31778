import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** An import or a reconciliation run, as the merchant sees it. */
export type OrderRun = {
  kind: "import" | "check";
  id: string;
  /** ISO time of its end, or of its begin while it is under way. */
  at: string;
  state: "running" | "done" | "failed";
  /** Why it failed: an i18n key under `errors`; null when unknown. */
  errorCode: string | null;
  /** Orders read, or compared. */
  orders: number;
  added: number;
  changed: number;
  removed: number;
  /** Orders that could not be read. */
  unreadable: number;
};

type Row = Omit<OrderRun, "at"> & { at: Date };

/**
 * The newest imports and reconciliation runs, newest first. Both are kept for 90 days, so that a
 * shop has some hundred.
 */
export async function readOrderRuns(shop: ShopDomain, limit: number): Promise<OrderRun[]> {
  const { rows } = await pool.query<Row>(
    `select * from (
       select 'import' as kind, id, coalesce(finished_at, started_at) as at,
              case when state in ('done', 'failed') then state else 'running' end as state,
              error_code as "errorCode", lines_loaded::float8 as orders,
              orders_added::float8 as added, orders_changed::float8 as changed,
              0::float8 as removed, lines_unreadable::float8 as unreadable
         from order_imports where shop = $1
       union all
       select 'check', id, coalesce(finished_at, asked_at),
              case when state = 'done' then 'done' else 'running' end, null,
              seen::float8, missing::float8, (stale + wrong)::float8, removed::float8, 0
         from order_checks where shop = $1
     ) runs order by at desc, id limit $2`,
    [shop, limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
