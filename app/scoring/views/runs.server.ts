import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { readOrderRuns } from "#app/orders/reconcile/order-runs.server.ts";
import { readUnreadable } from "#app/orders/store/unreadable-orders.server.ts";
import { readFailedJobs } from "#app/queue/failed-jobs.server.ts";
import type { Moves } from "#app/scoring/store/moves.ts";
import { readTimeZone } from "#app/shop/shop-row.server.ts";
import type { Axis } from "#engine";

import { newestFirst, type RunsView, type ScoreRun, SHOWN_RUNS, type WeeksRun } from "./runs.ts";

/** Reads the newest runs of all kinds, and what stands in the way of the next. */
export async function readRuns(shop: ShopDomain): Promise<RunsView> {
  const [timeZone, failed, unreadable, orders, scores, weeks] = await Promise.all([
    readTimeZone(shop),
    readFailedJobs({ shop }),
    readUnreadable(shop),
    readOrderRuns(shop, SHOWN_RUNS + 1),
    readScoreRuns(shop),
    readWeeks(shop),
  ]);
  return {
    timeZone,
    failed: failed.map(({ task, errorCode, parkedAt, askAgainAt }) => ({
      ...{ task, errorCode },
      at: parkedAt.toISOString(),
      againAt: askAgainAt.toISOString(),
    })),
    unreadable,
    ...newestFirst([...orders, ...scores, ...weeks]),
  };
}

type ScoreRow = {
  id: string;
  at: Date;
  horizonDays: number;
  outcome: string;
  orders: number | null;
  customers: number | null;
  unmet: number;
  moves: Record<Axis, Moves> | null;
};

async function readScoreRuns(shop: ShopDomain): Promise<ScoreRun[]> {
  const { rows } = await pool.query<ScoreRow>(
    `select id, created_at as at, horizon_days as "horizonDays", outcome, moves,
            (basis->>'countedOrders')::float8 as orders, (totals->>'customers')::float8 as customers,
            jsonb_array_length(jsonb_path_query_array(gate, '$[*] ? (@.passed == false)')) as unmet
       from scoring_runs where shop = $1 and not reconstructed
      order by created_at desc limit $2`,
    [shop, SHOWN_RUNS + 1],
  );
  return rows.map(({ id, at, horizonDays, outcome, orders, customers, unmet, moves }) => ({
    kind: "score" as const,
    ...{ id, horizonDays, unmet },
    at: at.toISOString(),
    orders: orders ?? 0,
    scored: outcome === "scored" ? { customers: customers ?? 0, moves } : null,
  }));
}

type WeeksRow = { at: Date | null; weeks: number; from: string | null; to: string | null };

async function readWeeks(shop: ShopDomain): Promise<WeeksRun[]> {
  const { rows } = await pool.query<WeeksRow>(
    `select max(created_at) as at, count(*)::int as weeks, (min(as_of) - 1)::text as "from",
            (max(as_of) - 1)::text as "to"
       from scoring_runs where shop = $1 and reconstructed and outcome = 'scored'`,
    [shop],
  );
  return rows.flatMap(({ at, weeks, from, to }) =>
    at && from && to ? [{ kind: "weeks", id: "weeks", at: at.toISOString(), weeks, from, to }] : [],
  );
}
