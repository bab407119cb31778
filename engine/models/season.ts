import type { Purchases, Summary } from "../histories/summary.ts";
import { DropoutExpectation } from "./expected-orders.ts";
import type { MbgNbd } from "./mbg-nbd.ts";

/**
 * Relative rate of repeat orders in each calendar month, January first; 1 is the mean. Models are
 * fitted, and horizons measured, in operational time τ(t) = Σ pace over the days before t, in which
 * a December with twice the orders is twice as long.
 */
export type Season = { pace: number[] };

const MS_PER_DAY = 86_400_000;

function monthOf(day: number): number {
  return new Date(day * MS_PER_DAY).getUTCMonth();
}

/** Operational days between calendar days, rounded to whole ones. */
export class SeasonClock {
  readonly #end: number;
  /** Operational days from a day to the end, by its distance from the end. */
  readonly #left: Float64Array;

  /**
   * Covers all days from `fromDay` to `untilDay`. Counted from the end, so that a clock that begins
   * later gives the same bits: a customer's scores do not depend on who the oldest customer is.
   */
  constructor({ pace }: Season, fromDay: number, untilDay: number) {
    this.#end = untilDay;
    this.#left = new Float64Array(Math.max(1, untilDay - fromDay + 1));
    for (let i = 1; i < this.#left.length; i++) {
      this.#left[i] = this.#left[i - 1] + pace[monthOf(untilDay - i)];
    }
  }

  between(fromDay: number, untilDay: number): number {
    return Math.round(this.#left[this.#end - fromDay] - this.#left[this.#end - untilDay]);
  }
}

/** Days ahead that a clock covers: the longest horizon, and the reach of the next order. */
const AHEAD_DAYS = 400;

/** The clock of a summary: from its first customer to `AHEAD_DAYS` ahead. */
export function clockOf(summary: Summary, asOfDay: number, season: Season): SeasonClock {
  let oldest = 0;
  for (const age of summary.ageDays) if (age > oldest) oldest = age;
  return new SeasonClock(season, asOfDay - oldest, asOfDay + AHEAD_DAYS);
}

/** The same customers with t_x and T in operational days. */
export function inOperationalTime(summary: Summary, asOfDay: number, clock: SeasonClock): Summary {
  const recencyDays = new Int32Array(summary.customers);
  const ageDays = new Int32Array(summary.customers);
  for (let i = 0; i < summary.customers; i++) {
    const firstDay = asOfDay - summary.ageDays[i];
    ageDays[i] = Math.max(1, clock.between(firstDay, asOfDay));
    recencyDays[i] = Math.min(
      ageDays[i],
      clock.between(firstDay, firstDay + summary.recencyDays[i]),
    );
  }
  return { ...summary, recencyDays, ageDays };
}

/**
 * Shrinkage of each month towards pace 1, in months of repeat orders: a few days of a month, or a
 * single odd one, are weak evidence.
 */
const SHRINKAGE = 0.5;
const MONTH_DAYS = 30.4;
/** Bounds of a month's pace. */
const SLOWEST = 0.4;
const FASTEST = 2.5;

/**
 * Pace of each month: repeat orders over those that MBG/NBD without season expects of the same
 * customers, shrunk to 1 and scaled so that a year is as long as a year.
 */
export function fitSeason(purchases: Purchases, asOfDay: number, model: MbgNbd): Season {
  const actual = new Float64Array(12);
  const expected = new Float64Array(12);
  const { arrivals, firstDay } = countArrivals(purchases, asOfDay, actual);
  const curve = repeatCurve(model, arrivals.length);
  for (let day = 1; day < arrivals.length; day++) {
    let orders = 0;
    for (let first = 0; first < day; first++) orders += arrivals[first] * curve[day - first];
    expected[monthOf(firstDay + day)] += orders;
  }
  const usual = (SHRINKAGE * MONTH_DAYS * sum(expected)) / Math.max(1, arrivals.length);
  const level = sum(actual) / Math.max(1e-9, sum(expected));
  const pace = Array.from(actual, (orders, month) => {
    const ratio = (orders / level + usual) / (expected[month] + usual);
    return Math.min(FASTEST, Math.max(SLOWEST, ratio));
  }).map((ratio) => (Number.isFinite(ratio) ? ratio : 1));
  const mean = sum(pace) / 12;
  return { pace: pace.map((ratio) => ratio / mean) };
}

/** Customers who came earlier are not used: they say little about the store's season now. */
const YEARS_DAYS = 6 * 365;

/** First purchases by day since the first of all; repeat orders are added to their months. */
function countArrivals({ customer, day }: Purchases, asOfDay: number, repeats: Float64Array) {
  let firstDay = asOfDay;
  for (const one of day) if (one < firstDay) firstDay = one;
  firstDay = Math.max(firstDay, asOfDay - YEARS_DAYS);
  const arrivals = new Float64Array(asOfDay - firstDay);
  const repeatsOf = new Float64Array(asOfDay - firstDay);
  let counted = false;
  for (let i = 0; i < customer.length; i++) {
    if (day[i] >= asOfDay) continue;
    const first = i === 0 || customer[i] !== customer[i - 1];
    if (first) counted = day[i] >= firstDay;
    if (!counted) continue;
    if (first) arrivals[day[i] - firstDay]++;
    else repeatsOf[day[i] - firstDay]++;
  }
  repeatsOf.forEach((orders, day) => (repeats[monthOf(firstDay + day)] += orders));
  return { arrivals, firstDay };
}

/** Expected repeat orders of a new customer on each day after the first. */
function repeatCurve({ r, alpha, a, b }: MbgNbd, days: number): Float64Array {
  const dropout = new DropoutExpectation(a, b);
  const curve = new Float64Array(days + 1);
  let before = 0;
  for (let day = 1; day <= days; day++) {
    const until = (b / (a + b)) * dropout.orders(1, r, day / alpha);
    curve[day] = until - before;
    before = until;
  }
  return curve;
}

function sum(values: Float64Array | number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
