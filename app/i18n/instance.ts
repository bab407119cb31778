import { createInstance, type i18n } from "i18next";

import en from "./en.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };

declare module "i18next" {
  // Makes every key a checked one; the library asks for an interface to merge into.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** The texts in the language of a locale, ready at once: nothing is loaded later. */
export function createI18n(locale: string): i18n {
  const instance = createInstance({
    lng: locale,
    fallbackLng: "en",
    resources: { en: { translation: en }, fr: { translation: withMany(fr) } },
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  });
  void instance.init();
  return instance;
}

type Texts = { [key: string]: string | Texts };

/**
 * French has a third plural form, for whole millions ("1 000 000 de…" when the number is spelled).
 * With digits it reads like the ordinary plural, so the translators need not write it twice.
 */
function withMany(texts: Texts): Texts {
  const entries = Object.entries(texts).flatMap(([key, value]): [string, string | Texts][] => {
    if (typeof value !== "string") return [[key, withMany(value)]];
    if (!key.endsWith("_other")) return [[key, value]];
    return [
      [key, value],
      [key.replace(/_other$/, "_many"), value],
    ];
  });
  return Object.fromEntries(entries);
}
