/**
 * Local wall time in an IANA zone, written as the milliseconds of the same clock reading in UTC
 * (a "wall" number), so that days and weeks can be counted with plain arithmetic.
 */
export type TimeZone = {
  toWall(utcMs: number): number;
  /** A skipped local time is interpreted as if the clocks had not changed yet; a repeated one is the first. */
  toUtc(wallMs: number): number;
};

const dayMs = 86_400_000;

function createFormat(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

function readOffset(format: Intl.DateTimeFormat, utcMs: number): number {
  const seconds = Math.floor(utcMs / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(seconds)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  // Date.UTC would interpret the years 0 to 99 as 1900 to 1999; the calendar repeats after 400 years.
  const later = Date.UTC(year + 400, month - 1, day, hour, minute, second);
  return later - 146_097 * dayMs - seconds;
}

/** Throws a RangeError for a zone the platform does not know. */
export function createTimeZone(name: string): TimeZone {
  const format = createFormat(name);
  // Formatting takes microseconds; only the two days a year on which clocks change need it per call.
  const wholeDays = new Map<number, number | null>();
  const offsetAt = (utcMs: number): number => {
    const day = Math.floor(utcMs / dayMs);
    let known = wholeDays.get(day);
    if (known === undefined) {
      const start = readOffset(format, day * dayMs);
      known = start === readOffset(format, (day + 1) * dayMs) ? start : null;
      wholeDays.set(day, known);
    }
    return known ?? readOffset(format, utcMs);
  };
  return {
    toWall: (utcMs) => utcMs + offsetAt(utcMs),
    toUtc: (wallMs) => {
      const before = offsetAt(wallMs - dayMs / 2);
      const early = wallMs - before;
      if (offsetAt(early) === before) return early;
      const late = wallMs - offsetAt(early);
      return offsetAt(late) === offsetAt(early) ? late : early;
    },
  };
}
