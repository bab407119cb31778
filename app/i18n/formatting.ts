import { currencyDigits } from "#app/lib/money.ts";

import { languageOf } from "./locale.ts";

const NO_BREAK = "\u00a0";
const NARROW_NO_BREAK = "\u202f";

/** Formats figures in the merchant's locale, with the shop's currency and time zone. */
export type Formatting = {
  number: (value: number) => string;
  /** An amount in minor units; without decimals from a hundred up. */
  money: (minor: number) => string;
  /** An average with at most one decimal. */
  average: (value: number) => string;
  /** A share of 0 to 1 in tenths of a percent, rounded down. */
  exactPercent: (share: number) => string;
  /** A share of 0 to 1 in whole percent; a small share is `< 1 %` instead of zero. */
  percent: (share: number) => string;
  /** A calendar day of the shop, ISO `2026-11-20`. */
  day: (isoDay: string) => string;
  /** The same without its year: `Nov 20`. */
  shortDay: (isoDay: string) => string;
  /** The month of a day: `Nov 2026`. */
  month: (isoDay: string) => string;
  /** A moment, ISO, in the shop's time zone. */
  moment: (isoTime: string) => string;
  /** A number of days in a fitting unit: `5 weeks`. */
  duration: (days: number) => string;
  /** The same relative to today: `today`, `yesterday`, `5 weeks ago`. */
  daysAgo: (days: number) => string;
  /** How long ago a moment was: `2 minutes ago`; never less than a minute. */
  ago: (isoTime: string, nowMs: number) => string;
};

export type FormattingOptions = { locale: string; currency: string; timeZone: string };

export function createFormatting({ locale, currency, timeZone }: FormattingOptions): Formatting {
  // The kind of no-break space differs between versions of Intl's data; unified, so that the server
  // and the browser render the same text.
  const space = languageOf(locale) === "fr" ? NARROW_NO_BREAK : NO_BREAK;
  const even = (text: string) => text.replace(/[\u00a0\u202f]/g, space);
  const money = createMoney(locale, currency);
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const average = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const tenths = new Intl.NumberFormat(locale, {
    style: "percent",
    maximumFractionDigits: 1,
    roundingMode: "floor",
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  const spans = createSpans(locale);
  // Calendar days are parsed and formatted in UTC, so that no time zone can shift them.
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const month = new Intl.DateTimeFormat(locale, {
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  });
  return {
    number: (value) => even(number.format(value)),
    average: (value) => even(average.format(value)),
    exactPercent: (share) => even(tenths.format(share)),
    money: (minor) => even(money(minor)),
    percent: (share) => {
      const tiny = share > 0 && share < 0.005;
      return even(tiny ? `<${NO_BREAK}${percent.format(0.01)}` : percent.format(share));
    },
    day: (isoDay) => even(day.format(new Date(isoDay))),
    shortDay: (isoDay) => even(shortDay.format(new Date(isoDay))),
    month: (isoDay) => even(month.format(new Date(isoDay))),
    moment: (isoTime) => even(moment.format(new Date(isoTime))),
    duration: (days) => even(spans.duration(days)),
    daysAgo: (days) => even(spans.daysAgo(days)),
    ago: (isoTime, nowMs) => {
      const { value, unit } = elapsed(nowMs - Date.parse(isoTime));
      return even(relative.format(-value, unit));
    },
  };
}

/**
 * With the narrow symbol ("£", not "£GB"), since all amounts of a shop are in one currency, and
 * with the number of digits in which amounts are stored, which may differ from the runtime's.
 */
function createMoney(locale: string, currency: string): Formatting["money"] {
  const digits = currencyDigits(currency);
  const withDigits = (shown: number) =>
    new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      maximumFractionDigits: shown,
      minimumFractionDigits: shown,
    });
  const exact = withDigits(digits);
  const whole = withDigits(0);
  const minorPerMajor = 10 ** digits;
  return (minor) => {
    const major = minor / minorPerMajor;
    return (Math.abs(major) >= 100 || major === 0 ? whole : exact).format(major);
  };
}

type Spans = Pick<Formatting, "duration" | "daysAgo">;

function createSpans(locale: string): Spans {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    duration: (days) => {
      const { value, unit } = span(days);
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
        value,
      );
    },
    daysAgo: (days) => {
      const { value, unit } = span(days);
      return relative.format(-value, unit);
    },
  };
}

const WEEK_DAYS = 7;
const MONTH_DAYS = 365.25 / 12;

/** Days up to two weeks, then weeks up to ten, months up to two years, then years. */
function span(days: number): { value: number; unit: "day" | "week" | "month" | "year" } {
  if (days < 14) return { value: Math.round(days), unit: "day" };
  if (days < 70) return { value: Math.round(days / WEEK_DAYS), unit: "week" };
  if (days < 730) return { value: Math.round(days / MONTH_DAYS), unit: "month" };
  return { value: Math.round(days / 365.25), unit: "year" };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function elapsed(milliseconds: number): { value: number; unit: "minute" | "hour" | "day" } {
  if (milliseconds >= DAY) return { value: Math.floor(milliseconds / DAY), unit: "day" };
  if (milliseconds >= HOUR) return { value: Math.floor(milliseconds / HOUR), unit: "hour" };
  return { value: Math.max(1, Math.floor(milliseconds / MINUTE)), unit: "minute" };
}

/** A probability as "about 58 of 100", not rounded to never or always. */
export function outOfHundred(probability: number): {
  kind: "under" | "about" | "over";
  count: number;
} {
  if (probability > 0 && probability < 0.005) return { kind: "under", count: 1 };
  if (probability < 1 && probability > 0.995) return { kind: "over", count: 99 };
  return { kind: "about", count: Math.round(probability * 100) };
}
