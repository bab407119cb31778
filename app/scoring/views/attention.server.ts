import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { type Attention, restsOnWeeks } from "./attention.ts";
import { MOVED_DAYS, SLIPPED_DAYS, WEEK_DAYS } from "./customers-query.ts";
import { MOVED, movedOn, OVERDUE } from "./customers-rows.server.ts";

/**
 * Counts, from indices that hold these customers alone.
 *
 * @param asOf of the last run, ISO date
 * @returns null when the last run is of a version that kept no moves
 */
export async function readAttention(shop: ShopDomain, asOf: string): Promise<Attention | null> {
  const [runs, moves, due, overdue] = await Promise.all([
    readRuns(shop),
    countMoves(shop, asOf),
    countDue(shop, asOf),
    countOverdue(shop),
  ]);
  const { first, known } = runs;
  if (first === null || !known) return null;
  const moved = {
    clv: { up: moves.clvUp, down: moves.clvDown },
    buy: { up: moves.buyUp, down: moves.buyDown },
  };
  const movedThisWeek = {
    clv: { up: moves.clvUpNow, down: moves.clvDownNow },
    buy: { up: moves.buyUpNow, down: moves.buyDownNow },
  };
  return {
    slipped: moves.slipped,
    due,
    overdue,
    moved: runs.compared ? moved : null,
    movedThisWeek: runs.compared ? movedThisWeek : null,
    reconstructed: {
      week: restsOnWeeks(asOf, { first, days: SLIPPED_DAYS }),
      moves: restsOnWeeks(asOf, { first, days: MOVED_DAYS }),
    },
  };
}

type Runs = {
  /** As-of day of the first scoring, ISO date. */
  first: string | null;
  /** Whether the last run has an outlook, and whether it knows of moves. */
  known: boolean;
  compared: boolean;
};

async function readRuns(shop: ShopDomain): Promise<Runs> {
  const { rows } = await pool.query<Runs>(
    `select (select min(as_of)::text from scoring_runs
              where shop = $1 and not reconstructed and outcome = 'scored') as first,
            outlook is not null as known,
            coalesce(jsonb_typeof(outlook -> 'moved') = 'object', false) as compared
       from scoring_runs where shop = $1 and not reconstructed
      order by created_at desc limit 1`,
    [shop],
  );
  return rows[0] ?? { first: null, known: false, compared: false };
}

type MoveCounts = {
  slipped: number;
  clvUp: number;
  clvDown: number;
  buyUp: number;
  buyDown: number;
  clvUpNow: number;
  clvDownNow: number;
  buyUpNow: number;
  buyDownNow: number;
};

async function countMoves(shop: ShopDomain, asOf: string): Promise<MoveCounts> {
  const { rows } = await pool.query<MoveCounts>(
    `select count(*) filter (where clv_fell and clv_since > $3 and clv_from = 'high')::int as slipped,
            count(*) filter (where clv_rose)::int as "clvUp",
            count(*) filter (where clv_fell)::int as "clvDown",
            count(*) filter (where buy_rose)::int as "buyUp",
            count(*) filter (where buy_fell)::int as "buyDown",
            count(*) filter (where clv_rose and clv_since > $3)::int as "clvUpNow",
            count(*) filter (where clv_fell and clv_since > $3)::int as "clvDownNow",
            count(*) filter (where buy_rose and buy_since > $3)::int as "buyUpNow",
            count(*) filter (where buy_fell and buy_since > $3)::int as "buyDownNow"
       from (select s.clv_from, s.clv_since, s.buy_since,
                    s.clv_since > $2 and ${movedOn("clv", "rose")} as clv_rose,
                    s.clv_since > $2 and ${movedOn("clv", "fell")} as clv_fell,
                    s.buy_since > $2 and ${movedOn("buy", "rose")} as buy_rose,
                    s.buy_since > $2 and ${movedOn("buy", "fell")} as buy_fell
               from scores s where s.shop = $1 and ${MOVED}) moved`,
    [shop, daysFrom(asOf, -MOVED_DAYS), daysFrom(asOf, -SLIPPED_DAYS)],
  );
  const [row] = rows;
  if (!row) throw new Error("an aggregate without groups has a row");
  return row;
}

async function countDue(shop: ShopDomain, asOf: string): Promise<number> {
  const { rows } = await pool.query<{ customers: number }>(
    `select count(*)::int as customers from scores s
      where s.shop = $1 and s.next_order_from <= $2 and s.next_order_to >= $3
        and s.buy_tier <> 'new'`,
    [shop, daysFrom(asOf, WEEK_DAYS - 1), asOf],
  );
  return rows[0]?.customers ?? 0;
}

async function countOverdue(shop: ShopDomain): Promise<Attention["overdue"]> {
  const { rows } = await pool.query<{ customers: number; expected: number }>(
    `select count(*)::int as customers, coalesce(sum(s.expected_spend_minor), 0) as expected
       from scores s where s.shop = $1 and ${OVERDUE} and s.buy_tier <> 'new'`,
    [shop],
  );
  const [row = { customers: 0, expected: 0 }] = rows;
  return { customers: row.customers, expectedSpendMinor: Math.round(row.expected) };
}

function daysFrom(day: string, days: number): string {
  return isoDay(dayNumber(day) + days);
}
