import { pool } from "#app/lib/db.server.ts";
import type { RunId, ShopDomain } from "#app/lib/ids.ts";
import { traceColumns } from "#app/scoring/store/rows.ts";
import type { Totals } from "#app/scoring/store/totals.ts";
import type { StoreFit, Summary, Traces } from "#engine";

import { type KeptScore, reproduce, type Reproduction } from "./reproduce.ts";

type RunRow = {
  as_of: string;
  fit: StoreFit | null;
  totals: Totals | null;
  redactedAt: Date | null;
};

/**
 * Reproduces a run from its stored fit and summaries.
 *
 * @returns null when there is no such run
 */
export async function reproduceRun(shop: ShopDomain, run: RunId): Promise<Reproduction | null> {
  const { rows } = await pool.query<RunRow>(
    `select as_of::text, fit, totals, redacted_at as "redactedAt"
       from scoring_runs where shop = $1 and id = $2`,
    [shop, run],
  );
  const [row] = rows;
  if (!row) return null;
  if (row.redactedAt) return { kind: "redacted", on: row.redactedAt.toISOString().slice(0, 10) };
  if (!row.fit || !row.totals) return { kind: "refused" };
  const kept = await readKept(shop, run, row.as_of);
  return reproduce({
    fit: row.fit,
    customers: row.totals.customers,
    summary: summaryOf(kept),
    scores: kept,
  });
}

type KeptRow = KeptScore & {
  frequency: number;
  recencyDays: number;
  ageDays: number;
  meanSpend: number;
  /** Null in runs of engine versions before 0.5.0. */
} & Record<keyof Traces, number | null>;

/** In the run's order of customers; columns of `scores` only if they are of this run. */
async function readKept(shop: ShopDomain, run: RunId, asOf: string): Promise<KeptRow[]> {
  const traces = Object.entries(traceColumns).map(([name, column]) => `h.${column} as "${name}"`);
  const { rows } = await pool.query<KeptRow>(
    `select h.frequency, h.recency_days as "recencyDays", h.age_days as "ageDays",
            ${traces.join(", ")}, h.mean_spend_minor as "meanSpend", h.buy_probability as "buyProbability",
            h.expected_spend_minor as "expectedSpend", h.clv_plain_tier as "clvTier",
            h.buy_plain_tier as "buyTier", s.expected_orders as "expectedOrders",
            s.spend_low_minor as "spendLow", s.spend_high_minor as "spendHigh",
            case when s.shop is null then null
                 else coalesce(s.next_order_from - date '1970-01-01', -1) end as "nextOrderFrom",
            case when s.shop is null then null
                 else coalesce(s.next_order_to - date '1970-01-01', -1) end as "nextOrderTo"
       from score_history h
       left join scores s
         on s.shop = h.shop and s.customer_id = h.customer_id and s.run_id = $2
        and not s.rescored
      where h.shop = $1 and h.as_of = $3
      order by h.customer_id collate "C"`,
    [shop, run, asOf],
  );
  return rows;
}

function summaryOf(rows: KeptRow[]): Summary {
  return {
    customers: rows.length,
    index: Int32Array.from(rows.keys()),
    frequency: Int32Array.from(rows, (row) => row.frequency),
    recencyDays: Int32Array.from(rows, (row) => row.recencyDays),
    ageDays: Int32Array.from(rows, (row) => row.ageDays),
    meanSpend: Float64Array.from(rows, (row) => row.meanSpend),
    traces: {
      days30: Uint8Array.from(rows, (row) => row.days30 ?? 0),
      days90: Uint8Array.from(rows, (row) => row.days90 ?? 0),
      days180: Uint8Array.from(rows, (row) => row.days180 ?? 0),
      days365: Uint16Array.from(rows, (row) => row.days365 ?? 0),
      yearAgo: Uint16Array.from(rows, (row) => row.yearAgo ?? 0),
      lastGap: Int32Array.from(rows, (row) => row.lastGap ?? 0),
      meanLnGap: Float32Array.from(rows, (row) => row.meanLnGap ?? 0),
    },
  };
}
