import { describe, expect, it } from "vitest";

import { languageOf, localeOf } from "./locale.ts";

function visit(query: string, acceptLanguage?: string): Request {
  const headers = new Headers(acceptLanguage ? { "accept-language": acceptLanguage } : {});
  return new Request(`https://encore.example.com/app${query}`, { headers });
}

describe("the locale of a request", () => {
  it("is Shopify's locale parameter", () => {
    expect(localeOf(visit("?shop=a.myshopify.com&locale=fr", "en-GB"))).toBe("fr");
  });

  it("keeps its region, since dates and amounts differ by it", () => {
    expect(localeOf(visit("?locale=fr-ca"))).toBe("fr-CA");
  });

  it("falls back to the first supported language of the browser", () => {
    expect(localeOf(visit("", "de-DE,fr-FR;q=0.8,en;q=0.5"))).toBe("fr-FR");
    expect(localeOf(visit("?locale=de", "fr"))).toBe("fr");
  });

  it("is English without a supported language", () => {
    expect(localeOf(visit("?locale=de"))).toBe("en");
    expect(localeOf(visit(""))).toBe("en");
  });

  it("ignores a malformed tag instead of failing", () => {
    expect(localeOf(visit("?locale=en-%22%3E"))).toBe("en");
  });
});

describe("the language of a tag", () => {
  it("is its primary language, if supported", () => {
    expect(languageOf("fr-CA")).toBe("fr");
    expect(languageOf("EN")).toBe("en");
    expect(languageOf("de")).toBeNull();
  });
});
