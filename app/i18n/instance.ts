import { createInstance, type i18n } from "i18next";

import en from "./en.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };

declare module "i18next" {
  // Makes keys type-checked; the library requires an interface for this.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** An i18next instance for a locale, initialised synchronously. */
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
 * French has a third plural form for whole millions, which with digits reads like the ordinary
 * plural; it is copied from that, so that fr.json need not repeat it.
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
