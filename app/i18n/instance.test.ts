import { describe, expect, it } from "vitest";

import { createI18n } from "./instance.ts";

describe("the texts", () => {
  it("are available synchronously in the language of the locale", () => {
    expect(createI18n("en").t("tier.high")).toBe("High");
    expect(createI18n("fr-CA").t("tier.high")).toBe("Élevée");
  });

  it("use each language's plural forms", () => {
    const english = createI18n("en");
    const french = createI18n("fr");
    expect(english.t("row.customers", { count: 0 })).toBe("0 customers");
    expect(english.t("row.customers", { count: 1 })).toBe("1 customer");
    expect(french.t("row.customers", { count: 0 })).toBe("0 client");
    expect(french.t("row.customers", { count: 2 })).toBe("2 clients");
  });

  it("have a plural for whole millions in French", () => {
    expect(createI18n("fr").t("row.customers", { count: 1_000_000 })).toMatch(/clients$/);
  });

  it("group digits as the locale does", () => {
    expect(createI18n("en").t("row.customers", { count: 5_944 })).toBe("5,944 customers");
    expect(createI18n("fr").t("row.customers", { count: 5_944 })).toMatch(/^5\s944 clients$/);
  });

  it("are not escaped, since React does that", () => {
    expect(createI18n("en").t("segment.created", { name: "A & B" })).toBe("Segment created: A & B");
  });
});
