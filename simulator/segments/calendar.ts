import { createTimeZone, type TimeZone } from "#simulator/time-zone.ts";

import type { DateLiteral } from "./query.ts";

const dayMs = 86_400_000;

/** A half-open interval of wall time (time-zone.ts). */
export type Span = { startMs: number; endMs: number };

/** The meaning of dates in a query: whole days of a zone, absolute or relative to today. */
export type Calendar = {
  /** The wall time of a moment, ISO-8601 with its offset. */
  wallOf(iso: string): number;
  spanOf(literal: DateLiteral): Span;
};

const zones = new Map<string, TimeZone>();

function zoneNamed(name: string): TimeZone {
  const zone = zones.get(name) ?? createTimeZone(name);
  zones.set(name, zone);
  return zone;
}

export function createCalendar(now: Date, timeZone: string): Calendar {
  const zone = zoneNamed(timeZone);
  const today = new Date(Math.floor(zone.toWall(now.getTime()) / dayMs) * dayMs);
  return {
    wallOf: (iso) => zone.toWall(Date.parse(iso)),
    spanOf: (literal) => {
      if (literal.kind === "offset") return daySpan(moved(today, literal));
      const start = startOf(literal);
      if (literal.secondOfDay === null) return daySpan(start);
      const startMs = start + literal.secondOfDay * 1000;
      return { startMs, endMs: startMs + 1000 };
    },
  };
}

/** Like `Date.UTC`, which would interpret the years 0 to 99 as 1900 to 1999; the calendar repeats after 400. */
function startOf({ year, month, day }: { year: number; month: number; day: number }): number {
  return Date.UTC(year + 400, month - 1, day) - 146_097 * dayMs;
}

function daySpan(startMs: number): Span {
  return { startMs, endMs: startMs + dayMs };
}

/** Adding months keeps the day of the month, or takes the last one: 31 March less a month is 28 February. */
function moved(
  today: Date,
  { amount, unit }: { amount: number; unit: "d" | "w" | "m" | "y" },
): number {
  if (unit === "d") return today.getTime() + amount * dayMs;
  if (unit === "w") return today.getTime() + amount * 7 * dayMs;
  const month = today.getUTCMonth() + (unit === "y" ? 12 * amount : amount);
  const lastOfMonth = new Date(Date.UTC(today.getUTCFullYear(), month + 1, 0));
  lastOfMonth.setUTCDate(Math.min(today.getUTCDate(), lastOfMonth.getUTCDate()));
  return lastOfMonth.getTime();
}
