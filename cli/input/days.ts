import { DAY_MS, utcOf } from "./calendar.ts";
import type { Zone } from "./zone.ts";

const MINUTE_MS = 60_000;

/** Earlier orders in such files are errors. */
const FIRST_DAY = utcOf([1995, 1, 1]) / DAY_MS;
/** Largest offset from UTC: how much earlier than in UTC a day begins somewhere. */
const FURTHEST_ZONE_MS = 14 * 60 * MINUTE_MS;

/** The first and last possible day of a purchase. */
export type PossibleDays = { first: number; last: number };

/**
 * From 1995 to tomorrow, in the store's zone or wherever it is latest; or to a later as-of day, if
 * one is given.
 */
export function possibleDays(nowMs: number, zone: Zone | null, beforeDay?: number): PossibleDays {
  const today = zone ? zone.dayOf(nowMs) : Math.floor((nowMs + FURTHEST_ZONE_MS) / DAY_MS);
  return { first: FIRST_DAY, last: Math.max(today + 1, (beforeDay ?? 0) - 1) };
}

const TIME =
  /^[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? ?(?:(Z|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** Days since 1970-01-01 of `2010-12-09`, `2010/12/09` or `20101209`; NaN for anything else. */
export function readDate(text: string): number {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$|^(\d{4})\/(\d\d)\/(\d\d)$|^(\d{4})(\d\d)(\d\d)$/.exec(
    text,
  );
  if (!parts) return Number.NaN;
  const [year, month, day] = parts
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  if (year < 1) return Number.NaN;
  const date = new Date(utcOf([year, month, day]));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / DAY_MS : Number.NaN;
}

/** `2010-12-09` for a day since 1970-01-01. */
export function writeDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Reads the day of an order from a date, with or without a time. With a zone, a time with an offset
 * from UTC is converted to that zone; without a zone, or for times without an offset, the day is
 * the written one.
 */
export class DayReader {
  #zone: Zone | null;
  #known = new Map<string, number>();

  constructor(zone: Zone | null) {
    this.#zone = zone;
  }

  /** Days since 1970-01-01; NaN for anything else. */
  read(text: string): number {
    if (text.length <= 10) return this.#date(text);
    const length = /^\d{8}[T ]/.test(text) ? 8 : 10;
    const date = this.#date(text.slice(0, length));
    const time = TIME.exec(text.slice(length));
    if (!time) return Number.NaN;
    const [, hours, minutes, seconds = "0", utc, sign, offsetHours = "0", offsetMinutes = "0"] =
      time;
    if (+hours > 23 || +minutes > 59 || +seconds > 60 || +offsetHours > 14) return Number.NaN;
    if (!this.#zone || (utc === undefined && sign === undefined)) return date;
    const offset = (+offsetHours * 60 + +offsetMinutes) * (sign === "-" ? -1 : 1);
    const clock = (+hours * 60 + +minutes) * MINUTE_MS + +seconds * 1000;
    return this.#zone.dayOf(date * DAY_MS + clock - offset * MINUTE_MS);
  }

  #date(text: string): number {
    let day = this.#known.get(text);
    if (day === undefined) {
      day = readDate(text);
      this.#known.set(text, day);
    }
    return day;
  }
}

/** Whether a date has a time of day other than midnight. */
export function tellsTime(text: string): boolean {
  const clock = /[T ](\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)/.exec(text)?.[1];
  return clock !== undefined && /[1-9]/.test(clock);
}

/** What is wrong with a text that is not a date, and what would be right. */
export function dateAdvice(text: string): string {
  if (text === "") return "is empty: every order needs a date, such as 2026-01-31";
  if (/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/.test(text)) {
    return "may be read with the day or the month first: write 2026-01-31";
  }
  return "is not a date: write 2026-01-31 or 2026-01-31T14:30:00Z";
}
