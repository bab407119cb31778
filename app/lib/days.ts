import { shopCalendar, type DayOf } from "./shop-calendar.ts";

/** Milliseconds of a day; days have no time zone once they are numbers. */
const DAY = 86_400_000;

/** Whole days since 1970-01-01 of an ISO date. @throws RangeError when it is none. */
export function dayNumber(isoDate: string): number {
  const milliseconds = Date.parse(`${isoDate}T00:00:00Z`);
  if (Number.isNaN(milliseconds)) {
    throw new RangeError(`"${isoDate}" is not a day: expected YYYY-MM-DD`);
  }
  return milliseconds / DAY;
}

/** The ISO date of a day number. */
export function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

const calendars = new Map<string, DayOf>();

/**
 * The day as of which a shop is scored at a moment: tomorrow there, so that what was bought today
 * counts.
 *
 * @param timeZone IANA name
 */
export function asOfDayAt(moment: Date, timeZone: string): number {
  const dayOf = calendars.get(timeZone) ?? shopCalendar(timeZone);
  calendars.set(timeZone, dayOf);
  return dayOf(moment.getTime()) + 1;
}
