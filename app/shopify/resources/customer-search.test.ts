import { describe, expect, it } from "vitest";

import { searchTerms } from "./customer-search.ts";

describe("words for Shopify's search", () => {
  it("are what was typed, without what surrounds it", () => {
    expect(searchTerms("  Harriet   Appleby ")).toBe("Harriet Appleby");
    expect(searchTerms("anna@example.com")).toBe("anna@example.com");
  });

  it("have no meaning for the search itself", () => {
    expect(searchTerms("tag:vip")).toBe("tag\\:vip");
    expect(searchTerms("O'Neil (Anne)")).toBe("O\\'Neil \\(Anne\\)");
    expect(searchTerms("-harriet OR anne")).toBe("harriet or anne");
    expect(searchTerms("--")).toBe("");
  });
});
