import { en } from "./words.en.ts";
import { fr } from "./words.fr.ts";

export const locales = ["en", "fr"] as const;
export type Locale = (typeof locales)[number];
export type Word = keyof typeof en;
export type Translate = (word: Word, values?: Record<string, string | number>) => string;

const dictionaries: Record<Locale, Record<Word, string>> = { en, fr };
export const localeNames: Record<Locale, string> = { en: "English", fr: "Français" };

export function translator(locale: Locale): Translate {
  return (word, values = {}) =>
    dictionaries[locale][word].replace(/\{(\w+)\}/g, (hole, name: string) =>
      name in values ? String(values[name]) : hole,
    );
}

export function isLocale(text: string | null | undefined): text is Locale {
  return text === "en" || text === "fr";
}

/** The language of the simulated staff member: the address, else the cookie, else the browser's. */
export function chooseLocale(request: Request): { locale: Locale; chosen: boolean } {
  const asked = new URL(request.url).searchParams.get("locale");
  if (isLocale(asked)) return { locale: asked, chosen: true };
  const cookie = /(?:^|;\s*)staff_locale=(\w+)/.exec(request.headers.get("cookie") ?? "")?.[1];
  if (isLocale(cookie)) return { locale: cookie, chosen: false };
  return { locale: fromBrowser(request.headers.get("accept-language") ?? ""), chosen: false };
}

function fromBrowser(acceptLanguage: string): Locale {
  for (const entry of acceptLanguage.split(",")) {
    const language = entry.trim().slice(0, 2).toLowerCase();
    if (isLocale(language)) return language;
  }
  return "en";
}
