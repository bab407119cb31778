export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

/** The language of our texts for a BCP 47 tag: `fr-CA` is read in `fr`; null when we do not speak it. */
export function languageOf(tag: string): Language | null {
  const primary = tag.toLowerCase().split("-")[0];
  return languages.find((language) => language === primary) ?? null;
}

/**
 * The BCP 47 tag to show a page in. Shopify passes the merchant's `locale` with each document it
 * loads; without it the browser's own languages decide, and English is the last resort.
 * The tag keeps its region, so that a merchant in Canada gets Canadian dates and amounts.
 */
export function localeOf(request: Request): string {
  const asked = new URL(request.url).searchParams.get("locale");
  const accepted = (request.headers.get("accept-language") ?? "")
    .split(",")
    .map((part) => part.split(";")[0]?.trim() ?? "");
  return [asked ?? "", ...accepted].map(canonical).find((tag) => tag !== null) ?? "en";
}

/** The tag in its canonical form, or null when it is malformed or not of a language we speak. */
function canonical(tag: string): string | null {
  if (languageOf(tag) === null) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
