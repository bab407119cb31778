import { describe, expect, it } from "vitest";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { target } from "#tests/setup/views.ts";
import { TargetPage } from "./TargetPage.tsx";

describe("a target", () => {
  const text = renderText(<TargetPage view={target} />);
  const html = renderHtml(<TargetPage view={target} />);

  it("says who, how many and for how long ahead in one sentence", () => {
    expect(text).toContain(
      "40 customers whose expected spend in the next 90 days is high for your store.",
    );
  });

  it("puts expected beside spent", () => {
    expect(text).toContain("Expected in the next 90 days £5,000 Spent so far £9,000");
  });

  it("shows a customer by number where names are not granted, with the way to its page", () => {
    expect(text).toContain("Harriet Appleby 93 of 100 £45.20 £910");
    expect(text).toContain("Customer #90071992547409931");
    expect(html).toContain('href="/app/customers/90071992547409931?from=clv:high"');
    expect(html).toMatch(/<a[^>]*>Harriet Appleby/);
  });

  it("shows the query and what comes next", () => {
    expect(text).toContain("customer_tags CONTAINS 'clv:high'");
    expect(text).toContain("Other email tools find them by the customer tag clv:high.");
  });

  it("has one primary action: make the segment", () => {
    expect(html.match(/variantPrimary/g)).toHaveLength(1);
    expect(text).toContain("Create segment");
  });

  it("leads to the segment that stands, instead of making another", () => {
    const segment = {
      segmentId: "7",
      name: "Encore: High customer lifetime value",
      query: "q",
      adminUrl: "shopify://admin/customers/segments/7",
    };
    const standing = renderText(<TargetPage view={{ ...target, segment }} />);
    expect(standing).toContain("Open segment in Shopify");
    expect(standing).not.toContain("Create segment");
  });

  it("creates nothing before the merchant agreed, and says why", () => {
    const blocked = renderHtml(<TargetPage view={{ ...target, canCreate: false }} />);
    expect(blocked).toMatch(/<button[^>]*disabled[^>]*aria-describedby="segment-blocked"/);
    expect(blocked).toContain('id="segment-blocked"');
  });

  it("has a sentence for every tier of both axes in both languages", () => {
    for (const axis of ["clv", "buy"] as const) {
      for (const tier of ["high", "moderate", "low", "new"] as const) {
        const view = { ...target, target: { axis, tier } };
        expect(renderText(<TargetPage view={view} />)).toMatch(/40 (first-time )?customers/);
        expect(renderText(<TargetPage view={view} />, "fr")).toMatch(/40 clients/);
      }
    }
  });

  it("foretells nothing of a single new customer", () => {
    const early = { ...target, target: { axis: "clv", tier: "new" } } as const;
    expect(renderText(<TargetPage view={early} />)).toContain("Harriet Appleby £910");
  });

  it("says so when nobody is in it", () => {
    const empty = { ...target, customers: 0, examples: [] };
    expect(renderText(<TargetPage view={empty} />)).toContain("Nobody is in this group now.");
  });
});
