import type { Histories } from "./histories.ts";

/**
 * Days that a table is made for, ascending, and where among them each row's t_x and T are. What is
 * worked out for each of them costs by how many there are, not by how far they lie apart: one customer
 * of thirty years ago costs nothing to a store of the last two.
 */
export type DayPlaces = { days: Int32Array; recency: Int32Array; age: Int32Array };

/** The days on which some t_x or T ends, ascending, with 0. */
export function daysOf({ rows, recencyDays, ageDays }: Histories): Int32Array {
  const occurs = new Uint8Array(lastOf(ageDays, rows) + 1);
  occurs[0] = 1;
  for (let i = 0; i < rows; i++) {
    occurs[recencyDays[i]] = 1;
    occurs[ageDays[i]] = 1;
  }
  return positions(occurs);
}

/** The ages that occur, ascending. */
export function agesOf({ rows, ageDays }: Histories): Int32Array {
  const occurs = new Uint8Array(lastOf(ageDays, rows) + 1);
  for (let i = 0; i < rows; i++) occurs[ageDays[i]] = 1;
  return positions(occurs);
}

/** Places the rows among days, those of {@link daysOf} or more. */
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

/** By day: which of the days it is; 0 for what is none of them. */
export function placesOf(days: Int32Array): Int32Array {
  const place = new Int32Array((days.at(-1) ?? 0) + 1);
  for (let i = 0; i < days.length; i++) place[days[i]] = i;
  return place;
}

/** Between days that lie no further apart than this a table goes from day to day. */
const LONGEST_GAP = 366;
/** A step is not longer than this part of its distance from the day where a gap begins. */
const STEPS = 16;

/**
 * The days, with those between them where an integral is taken from one to the next: every day, and in
 * gaps of over a year steps that grow with the distance from the gap's beginning. What is integrated
 * there falls like a power of the days: within any step by no more than a sixteenth of what it has
 * fallen by before, whatever the power, so that four points each are exact to the last digits.
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
