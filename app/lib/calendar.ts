const DAY_MS = 86_400_000;
/** After so many years the calendar repeats itself. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

/** Tells the day of an instant: whole days since 1970-01-01, in a time zone. */
export type DayOf = (instantMs: number) => number;

/**
 * A shop's calendar. Asking `Intl` for each of a million orders would take longer than all the
 * rest, so that it is asked once for each day: on a day whose ends lie equally far from UTC every
 * instant does; only on the few days on which clocks change is each instant asked for.
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

/** How far a zone's clocks are ahead of UTC at an instant, milliseconds. */
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
    // Of the years 0 to 99 it would think that 1900 and so on was meant.
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
 * What `work` gives, or null where it fails because of the shop's time zone, which nobody here knows: one
 * such shop is not to keep the others from their turn.
 *
 * @param passedOver told when that is so
 */
export function inKnownZone<Result>(work: () => Result, passedOver: () => void): Result | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    passedOver();
    return null;
  }
}

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
