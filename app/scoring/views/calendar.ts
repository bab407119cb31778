import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import type { Moves } from "#app/scoring/store/moves.ts";
import {
  type Expected,
  type ExpectedWeek,
  type Off,
  type Outlook,
  rangeOf,
} from "#app/scoring/store/outlook.ts";
import type { Axis } from "#engine";

import type { Attention } from "./attention.ts";
import { WEEK_DAYS } from "./customers-query.ts";

/** A figure with its 80 % range. */
export type Ranged = { expected: number; low: number; high: number };

export type CalendarWeek = {
  /** ISO dates. */
  from: string;
  to: string;
  /** How many of the customers who are expected back order next in this week. */
  customers: Ranged;
  /** What these orders bring, minor units. */
  spendMinor: Ranged;
};

/** What a week that is over brought. */
export type PastWeek = {
  /** Its last day, ISO date. */
  until: string;
  moved: Record<Axis, Moves>;
  /** Customers who were due in the week after it. */
  due: number;
  reconstructed: boolean;
};

/** What is expected when, and what the weeks before brought. */
export type CalendarView = {
  currency: string;
  timeZone: string;
  horizonDays: number;
  scoredAt: string;
  weeks: CalendarWeek[];
  /** Of all weeks. */
  total: Pick<CalendarWeek, "customers" | "spendMinor">;
  /** The week up to the last scoring, and who is due or late now. */
  now: Pick<Attention, "due" | "overdue" | "movedThisWeek" | "reconstructed">;
  /** Newest first. */
  past: PastWeek[];
};

/** A run's stored outlook. */
export type OutlookRow = Pick<Outlook, "moved" | "due"> & {
  /** ISO date. */
  asOf: string;
  reconstructed: boolean;
};

export function calendarWeeks(
  weeks: ExpectedWeek[],
  off: Off | null,
): Pick<CalendarView, "weeks" | "total"> {
  const ranged = (expected: Expected, count: number) => ({
    expected: expected.mean,
    ...rangeOf(expected, { weeks: count, off }),
  });
  const sumOf = (of: "customers" | "spend") => ({
    mean: weeks.reduce((sum, week) => sum + week[of].mean, 0),
    variance: weeks.reduce((sum, week) => sum + week[of].variance, 0),
  });
  return {
    weeks: weeks.map(({ from, customers, spend }) => ({
      from,
      to: isoDay(dayNumber(from) + WEEK_DAYS - 1),
      customers: ranged(customers, 1),
      spendMinor: ranged(spend, 1),
    })),
    total: {
      customers: ranged(sumOf("customers"), weeks.length),
      spendMinor: ranged(sumOf("spend"), weeks.length),
    },
  };
}

/**
 * The weeks before the current one, each by the last run in it. A week without a run is left out, and
 * the first of all, before which there was nothing to move from.
 *
 * @param asOf of the last run
 */
export function pastWeeks(asOf: string, rows: OutlookRow[]): PastWeek[] {
  const weeks = new Map<number, OutlookRow>();
  for (const row of rows) {
    const week = Math.floor((dayNumber(asOf) - dayNumber(row.asOf)) / WEEK_DAYS);
    const known = weeks.get(week);
    if (week > 0 && (known === undefined || known.asOf < row.asOf)) weeks.set(week, row);
  }
  return [...weeks]
    .sort(([one], [other]) => one - other)
    .flatMap(([, { asOf: day, moved, due, reconstructed }]) =>
      moved ? { until: isoDay(dayNumber(day) - 1), moved, due, reconstructed } : [],
    );
}
