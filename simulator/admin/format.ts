import type { Locale } from "#simulator/admin/words.ts";
import { minorDigits } from "#simulator/money.ts";

export type Formats = ReturnType<typeof createFormats>;

/** Formats amounts in minor units, and dates in the shop's zone, in the staff member's language. */
export function createFormats(options: { locale: Locale; currency: string; timeZone: string }) {
  const { locale, currency, timeZone } = options;
  const money = new Intl.NumberFormat(locale, { style: "currency", currency });
  const scale = 10 ** minorDigits(currency);
  const digits = { minimumFractionDigits: minorDigits(currency), useGrouping: false };
  const plain = new Intl.NumberFormat(locale, digits);
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone });
  const dateTime = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  });
  return {
    /** Without the currency, as it would be typed. */
    amount: (minor: number) => plain.format(minor / scale),
    money: (minor: number) => money.format(minor / scale),
    number: (value: number) => number.format(value),
    percent: (share: number) => percent.format(share),
    date: (iso: string) => date.format(new Date(iso)),
    dateTime: (at: string | Date) => dateTime.format(new Date(at)),
    country: (code: string) => new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code,
  };
}
