import { languageOf } from "./locale.ts";

const NO_BREAK = "\u00a0";
const NARROW_NO_BREAK = "\u202f";

/** How figures look to this merchant: in their language, the shop's currency and the shop's zone. */
export type Formatting = {
  number: (value: number) => string;
  /** An amount in minor units; without the minor part from a hundred up, where it is noise. */
  money: (minor: number) => string;
  /** A share of 0 to 1 in whole percent; a share too small to round up to 1 % says so. */
  percent: (share: number) => string;
  /** A calendar day of the shop, ISO `2026-11-20`. */
  day: (isoDay: string) => string;
  /** Its month: `Nov 2026`. */
  month: (isoDay: string) => string;
  /** A moment, ISO, on the shop's clock. */
  moment: (isoTime: string) => string;
  /** How long ago a moment was: `2 minutes ago`; never less than a minute. */
  ago: (isoTime: string, nowMs: number) => string;
};

export type FormattingOptions = { locale: string; currency: string; timeZone: string };

export function createFormatting({ locale, currency, timeZone }: FormattingOptions): Formatting {
  // Which no-break space Intl puts where differs between versions of its data: one kind for all
  // keeps the server's text and the browser's the same.
  const space = languageOf(locale) === "fr" ? NARROW_NO_BREAK : NO_BREAK;
  const even = (text: string) => text.replace(/[\u00a0\u202f]/g, space);
  const money = createMoney(locale, currency);
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  // A calendar day has no zone: it is read and written in UTC, so that none can move it.
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
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
    money: (minor) => even(money(minor)),
    percent: (share) => {
      const tiny = share > 0 && share < 0.005;
      return even(tiny ? `<${NO_BREAK}${percent.format(0.01)}` : percent.format(share));
    },
    day: (isoDay) => even(day.format(new Date(isoDay))),
    month: (isoDay) => even(month.format(new Date(isoDay))),
    moment: (isoTime) => even(moment.format(new Date(isoTime))),
    ago: (isoTime, nowMs) => {
      const { value, unit } = elapsed(nowMs - Date.parse(isoTime));
      return even(relative.format(-value, unit));
    },
  };
}

/** The symbol is the short one ("£", not "£GB"): all amounts of a shop are in its one currency. */
function createMoney(locale: string, currency: string): Formatting["money"] {
  const exact = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  const whole = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    maximumFractionDigits: 0,
    minimumFractionDigits: 0,
  });
  const minorPerMajor = 10 ** (exact.resolvedOptions().maximumFractionDigits ?? 2);
  return (minor) => {
    const major = minor / minorPerMajor;
    return (Math.abs(major) >= 100 || major === 0 ? whole : exact).format(major);
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function elapsed(milliseconds: number): { value: number; unit: "minute" | "hour" | "day" } {
  if (milliseconds >= DAY) return { value: Math.floor(milliseconds / DAY), unit: "day" };
  if (milliseconds >= HOUR) return { value: Math.floor(milliseconds / HOUR), unit: "hour" };
  return { value: Math.max(1, Math.floor(milliseconds / MINUTE)), unit: "minute" };
}

/** A probability as merchants say it, "about 58 of 100"; the ends are not rounded to never and always. */
export function outOfHundred(probability: number): {
  kind: "under" | "about" | "over";
  count: number;
} {
  if (probability > 0 && probability < 0.005) return { kind: "under", count: 1 };
  if (probability < 1 && probability > 0.995) return { kind: "over", count: 99 };
  return { kind: "about", count: Math.round(probability * 100) };
}
