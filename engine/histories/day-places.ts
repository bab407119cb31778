import type { Histories } from "./histories.ts";

/**
 * The days of a table, ascending, and the index of each row's t_x and T among them. Its cost
 * depends on the number of distinct days, not on their range, so one customer from thirty years ago
 * costs next to nothing.
 */
export type DayPlaces = { days: Int32Array; recency: Int32Array; age: Int32Array };

/** The distinct values of t_x and T, with 0, ascending. */
export function daysOf({ rows, recencyDays, ageDays }: Histories): Int32Array {
  const occurs = new Uint8Array(lastOf(ageDays, rows) + 1);
  occurs[0] = 1;
  for (let i = 0; i < rows; i++) {
    occurs[recencyDays[i]] = 1;
    occurs[ageDays[i]] = 1;
  }
  return positions(occurs);
}

/** The distinct values of T, ascending. */
export function agesOf({ rows, ageDays }: Histories): Int32Array {
  const occurs = new Uint8Array(lastOf(ageDays, rows) + 1);
  for (let i = 0; i < rows; i++) occurs[ageDays[i]] = 1;
  return positions(occurs);
}

/** Indexes the rows by `days`, which must include those of {@link daysOf}. */
export function placeDays(histories: Histories, days = daysOf(histories)): DayPlaces {
  const { recencyDays, ageDays } = histories;
  if (days.length === days[days.length - 1] + 1)
    return { days, recency: recencyDays, age: ageDays };
  const place = placesOf(days);
  return {
    days,
    recency: recencyDays.map((day) => place[day]),
    age: ageDays.map((day) => place[day]),
  };
}

/** The index of each day in `days`, by day; 0 for a day that is not among them. */
export function placesOf(days: Int32Array): Int32Array {
  const place = new Int32Array((days.at(-1) ?? 0) + 1);
  for (let i = 0; i < days.length; i++) place[days[i]] = i;
  return place;
}

/** Gaps of up to this many days are stepped through day by day. */
const LONGEST_GAP = 366;
/** In longer gaps a step is at most one sixteenth of its distance from the start of the gap. */
const STEPS = 16;

/**
 * The days, with grid points between them for an integral: every day, and in gaps of over a year
 * steps that grow with the distance from the start of the gap. The integrand decays like a power of
 * the days: within a step its logarithm falls by at most a sixteenth of what it has fallen since
 * the start of the gap, so a four-point rule is accurate to the last digits.
 */
export function withSteps(days: Int32Array): Int32Array {
  const steps: number[] = [0];
  for (let i = 1; i < days.length; i++) {
    const from = days[i - 1];
    const graded = days[i] - from > LONGEST_GAP;
    for (let at = from; at < days[i];) {
      at += graded ? Math.max(1, Math.floor((at - from) / STEPS)) : 1;
      steps.push(Math.min(at, days[i]));
    }
  }
  return Int32Array.from(steps);
}

function lastOf(days: Int32Array, rows: number): number {
  let last = 0;
  for (let i = 0; i < rows; i++) if (days[i] > last) last = days[i];
  return last;
}

function positions(occurs: Uint8Array): Int32Array {
  let count = 0;
  for (const one of occurs) count += one;
  const found = new Int32Array(count);
  let next = 0;
  for (let day = 0; day < occurs.length; day++) if (occurs[day] === 1) found[next++] = day;
  return found;
}
