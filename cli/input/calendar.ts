export const DAY_MS = 86_400_000;

/** Years after which the calendar repeats. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

type Three = readonly [number, number, number];

/** `Date.UTC` without its mapping of the years 0 to 99 to 1900 to 1999; months count from 1. */
export function utcOf(
  [year, month, day]: Three,
  [hour, minute, second]: Three = [0, 0, 0],
): number {
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS;
}
