import polarisEnglish from "@shopify/polaris/locales/en.json" with { type: "json" };
import polarisFrench from "@shopify/polaris/locales/fr.json" with { type: "json" };

import { languageOf } from "#app/i18n/locale.ts";

/** The texts of Polaris's components, with English as the fallback. */
export function polarisTexts(locale: string) {
  return languageOf(locale) === "fr" ? [polarisFrench, polarisEnglish] : polarisEnglish;
}
