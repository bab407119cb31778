import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { pool, prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { Off, Outlook } from "#app/scoring/store/outlook.ts";

import { readAttention } from "./attention.server.ts";
import { type CalendarView, calendarWeeks, type OutlookRow, pastWeeks } from "./calendar.ts";

/** How far back the weeks are listed. */
const PAST_DAYS = 14 * 7;

export type CalendarAnswer =
  | { kind: "importing" }
  /** The gate refused the store: there are no predictions. */
  | { kind: "refused" }
  | { kind: "scored"; calendar: CalendarView };

/** Reads what the last run said of the weeks ahead, and earlier ones of those behind. */
export async function readCalendar(shop: ShopDomain): Promise<CalendarAnswer> {
  const [facts, run] = await Promise.all([
    prisma.shop.findUnique({ where: { shop } }),
    readLastOutlook(shop),
  ]);
  if (!facts || !run) return { kind: "importing" };
  if (!run.scored) return { kind: "refused" };
  const { outlook, asOf } = run;
  const [attention, rows] = await Promise.all([
    readAttention(shop, asOf),
    readOutlooks(shop, asOf),
  ]);
  // A run of a version that kept neither: the next one, at night, has both.
  if (outlook === null || attention === null) return { kind: "importing" };
  const { due, overdue, movedThisWeek, reconstructed } = attention;
  const { currency, timeZone } = facts;
  const calendar = {
    currency,
    timeZone,
    horizonDays: run.horizonDays,
    scoredAt: run.createdAt.toISOString(),
    ...calendarWeeks(outlook.weeks, run.range),
    now: { due, overdue, movedThisWeek, reconstructed },
    past: pastWeeks(asOf, rows),
  };
  return { kind: "scored", calendar };
}

type OutlookRun = {
  asOf: string;
  createdAt: Date;
  horizonDays: number;
  scored: boolean;
  range: Off | null;
  outlook: Outlook | null;
};

async function readLastOutlook(shop: ShopDomain): Promise<OutlookRun | null> {
  const { rows } = await pool.query<OutlookRun>(
    `select as_of::text as "asOf", created_at as "createdAt", horizon_days as "horizonDays",
            outcome = 'scored' as scored, totals -> 'range' as range, outlook
       from scoring_runs where shop = $1 and not reconstructed
      order by created_at desc limit 1`,
    [shop],
  );
  return rows[0] ?? null;
}

async function readOutlooks(shop: ShopDomain, asOf: string): Promise<OutlookRow[]> {
  const { rows } = await pool.query<Omit<OutlookRow, "moved" | "due"> & { outlook: Outlook }>(
    `select as_of::text as "asOf", reconstructed, outlook - 'weeks' as outlook
       from scoring_runs
      where shop = $1 and outlook is not null and as_of < $2 and as_of > $3
      order by as_of desc, reconstructed`,
    [shop, asOf, isoDay(dayNumber(asOf) - PAST_DAYS)],
  );
  return rows.map(({ outlook: { moved, due }, ...run }) => ({ ...run, moved, due }));
}
