import { describe, expect, it } from "vitest";

import { helpTerms, placeOf } from "#app/components/shared/help-terms.ts";
import { HelpLink } from "#app/components/shared/HelpLink.tsx";
import { createI18n } from "#app/i18n/instance.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";

import { HelpPage } from "./HelpPage.tsx";

describe("the glossary", () => {
  it("explains each word, and what it does not mean", () => {
    const text = renderText(<HelpPage />);
    expect(text).toContain("“31 of 100” means that of 100 customers like this one");
    expect(text).toContain("It is no promise about one person");
    expect(text).toContain("does not tell whether a customer is lost for good");
  });

  it("has a place for each word in both languages, to which the links lead", () => {
    for (const locale of ["en", "fr"]) {
      const html = renderHtml(<HelpPage />, locale);
      expect(html).not.toMatch(/help\.(term|title|lead)/);
      for (const term of helpTerms) {
        expect(html).toContain(`id="${placeOf(term)}"`);
        const link = renderHtml(<HelpLink term={term} />, locale);
        expect(link).toContain(`href="/app/help#${placeOf(term)}"`);
      }
    }
    expect(renderHtml(<HelpLink />)).toContain('href="/app/help"');
  });

  it("calls the two axes and the tiers as the other screens do", () => {
    for (const locale of ["en", "fr"]) {
      const { t } = createI18n(locale);
      expect(t("help.term.likelihood.name")).toBe(t("axis.buy"));
      expect(t("help.term.value.name")).toBe(t("axis.clv"));
      expect(t("help.term.new.name")).toBe(t("tier.new"));
      const tiers = t("help.term.tier.name").toLowerCase();
      for (const tier of ["high", "moderate", "low"] as const) {
        expect(tiers).toContain(t(`tier.${tier}`).toLowerCase());
      }
    }
  });
});
