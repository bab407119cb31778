const DAY_MS = 86_400_000;
/** The Gregorian calendar repeats after 400 years. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

/** Maps an instant to its day in a time zone, in whole days since 1970-01-01. */
export type DayOf = (instantMs: number) => number;

/**
 * A shop's calendar. Calling `Intl` for each of a million orders would dominate an import, so
 * offsets are cached by UTC day: if both ends of a day have the same offset, so has every instant
 * in it. Only on days of a clock change is `Intl` called for each instant.
 *
 * @param timeZone IANA name, for example `America/New_York`
 * @throws RangeError when the time zone is unknown
 */
export function shopCalendar(timeZone: string): DayOf {
  const offsetAt = zoneOffset(timeZone);
  /** By UTC day: the day's offset, or null when it changes during the day. */
  const offsets = new Map<number, number | null>();
  const offsetOfDay = (utcDay: number): number | null => {
    const known = offsets.get(utcDay);
    if (known !== undefined) return known;
    const first = offsetAt(utcDay * DAY_MS);
    const last = offsetAt((utcDay + 1) * DAY_MS);
    const offset = first === last ? first : null;
    offsets.set(utcDay, offset);
    return offset;
  };
  return (instantMs) => {
    const offset = offsetOfDay(Math.floor(instantMs / DAY_MS)) ?? offsetAt(instantMs);
    return Math.floor((instantMs + offset) / DAY_MS);
  };
}

/** The offset from UTC at an instant, in milliseconds; positive east of Greenwich. */
export function zoneOffset(timeZone: string): (instantMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instantMs) => {
    const shown = new Map(
      format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
    // Date.UTC reads the years 0 to 99 as 1900 to 1999.
    const later = Date.UTC(
      part("year") + CYCLE_YEARS,
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return later - CYCLE_MS - Math.floor(instantMs / 1000) * 1000;
  };
}

/**
 * Runs `work`, or skips it when this runtime does not know the shop's time zone, so that one such
 * shop does not block the others.
 *
 * @param onUnknown called when it was skipped
 * @returns null when it was skipped
 */
export function inKnownZone<Result>(work: () => Result, onUnknown: () => void): Result | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    onUnknown();
    return null;
  }
}

const DAY = 86_400_000;

/**
 * Whole days since 1970-01-01 of an ISO date.
 * @throws RangeError when it is invalid
 */
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
 * The as-of day of a scoring at a moment: tomorrow in the shop's time zone, so that today's orders
 * count.
 *
 * @param timeZone IANA name
 */
export function asOfDayAt(moment: Date, timeZone: string): number {
  const dayOf = calendars.get(timeZone) ?? shopCalendar(timeZone);
  calendars.set(timeZone, dayOf);
  return dayOf(moment.getTime()) + 1;
}
