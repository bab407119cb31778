export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

/**
 * The language of our texts for a BCP 47 tag, for example `fr` for `fr-CA`; null if not supported.
 */
export function languageOf(tag: string): Language | null {
  const primary = tag.toLowerCase().split("-")[0];
  return languages.find((language) => language === primary) ?? null;
}

/**
 * The BCP 47 tag for a page: Shopify's `locale` parameter, which it sends with each document, else
 * the browser's first supported language, else English. The tag keeps its region, so that a
 * merchant in Canada gets Canadian dates and amounts.
 */
export function localeOf(request: Request): string {
  const asked = new URL(request.url).searchParams.get("locale");
  const accepted = (request.headers.get("accept-language") ?? "")
    .split(",")
    .map((part) => part.split(";")[0]?.trim() ?? "");
  return [asked ?? "", ...accepted].map(canonical).find((tag) => tag !== null) ?? "en";
}

/** The canonical form of the tag; null when it is malformed or not supported. */
function canonical(tag: string): string | null {
  if (languageOf(tag) === null) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
