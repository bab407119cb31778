export const DAY_MS = 86_400_000;

/** After so many years the calendar repeats itself. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;

type Three = readonly [number, number, number];

/** As `Date.UTC`, which takes the years 0 to 99 for 1900 and so on; months count from 1. */
export function utcOf(
  [year, month, day]: Three,
  [hour, minute, second]: Three = [0, 0, 0],
): number {
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS;
}
