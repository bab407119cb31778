import { describe, expect, it } from "vitest";

import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { target } from "#tests/setup/views.ts";

import { TargetPage } from "./TargetPage.tsx";

describe("a target", () => {
  const text = renderText(<TargetPage view={target} />);
  const html = renderHtml(<TargetPage view={target} />);

  it("has a sentence with tier, number and horizon", () => {
    expect(text).toContain(
      "40 customers whose expected spend in the next 90 days is high for your store.",
    );
  });

  it("shows expected spend beside spend so far", () => {
    expect(text).toContain("Expected in the next 90 days £5,000 Spent so far £9,000");
  });

  it("shows customers by number without access to names, with links", () => {
    expect(text).toContain("Harriet Appleby 93 of 100 £45.20 £910");
    expect(text).toContain("Customer #90071992547409931");
    expect(html).toContain('href="/app/customers/90071992547409931?from=clv:high"');
    expect(html).toMatch(/<a[^>]*>Harriet Appleby/);
  });

  it("leads to all of them, where there are more than the examples", () => {
    expect(html).toContain('href="/app/customers?value=high"');
    expect(text).toContain("See all 40 customers");
    const few = renderText(<TargetPage view={{ ...target, customers: 2 }} />);
    expect(few).not.toContain("See all");
  });

  it("shows the query and the next steps", () => {
    expect(text).toContain("customer_tags CONTAINS 'clv:high'");
    expect(text).toContain("Other email tools find them by the customer tag clv:high.");
  });

  const segment = {
    ...{ segmentId: "7", name: "Encore: High customer lifetime value", query: "q" },
    adminUrl: "shopify://admin/customers/segments/7",
  };
  const promise = "the segment empties itself after 14 days";
  const counts = { found: 31, expected: 40 };

  it("promises that the segment empties itself only for a new one, or after a right check", () => {
    expect(text).toContain(promise);
    const check = { verdict: "right", found: 40, expected: 40 } as const;
    const right = renderText(<TargetPage view={{ ...target, segment, check }} />);
    expect(right).toContain(promise);
    expect(right).not.toMatch(/Shopify finds|tag alone/);
    const named = { ...target, segment, check, emptiesAfterDays: 30 };
    expect(renderText(<TargetPage view={named} />)).toContain("empties itself after 30 days");
    const before = renderText(<TargetPage view={{ ...target, segment, check: null }} />);
    expect(before).not.toContain("empties itself");
  });

  it("shows in both languages when Shopify finds others, without the promise", () => {
    const check = { verdict: "differs", ...counts } as const;
    const view = { ...target, segment, check };
    const differs = renderText(<TargetPage view={view} />);
    expect(differs).toContain("Shopify finds 31 of 40 customers in this segment.");
    expect(differs).not.toContain("empties itself");
    expect(renderText(<TargetPage view={view} />, "fr")).toContain(
      "Clients que Shopify trouve dans ce segment : 31 sur 40.",
    );
    const more = { ...view, check: { ...check, found: 52 } };
    expect(renderText(<TargetPage view={more} />)).toContain(
      "Shopify finds 52 customers in this segment, and this group has 40",
    );
    expect(renderText(<TargetPage view={more} />, "fr")).toContain("en compte 40");
  });

  it("shows Shopify's count while its index lags behind", () => {
    const check = { verdict: "unknown", ...counts } as const;
    const view = { ...target, segment, check };
    const behind = renderText(<TargetPage view={view} />);
    expect(behind).toContain("Shopify finds 31 of 40 customers so far");
    expect(behind).not.toContain("empties itself");
    expect(renderText(<TargetPage view={view} />, "fr")).toContain(
      "Clients que Shopify trouve pour l’instant : 31 sur 40.",
    );
    const nobody = { verdict: "unknown", found: 0, expected: 0 } as const;
    const empty = renderText(<TargetPage view={{ ...target, segment, check: nobody }} />);
    expect(empty).not.toContain("Shopify finds");
  });

  it("shows that a segment by tag alone does not empty itself", () => {
    const check = { verdict: "right", found: 40, expected: 40 } as const;
    const view = { ...target, segment, check, emptiesAfterDays: null };
    expect(renderText(<TargetPage view={view} />)).toContain("goes by the tag alone");
    expect(renderText(<TargetPage view={view} />, "fr")).toContain("s’appuie sur la seule balise");
    const unmade = renderText(<TargetPage view={{ ...view, segment: null }} />);
    expect(unmade).not.toContain("tag alone");
  });

  it("has one primary action: create the segment", () => {
    expect(html.match(/variantPrimary/g)).toHaveLength(1);
    expect(text).toContain("Create segment");
  });

  it("links to an existing segment instead of creating another", () => {
    const existing = renderText(<TargetPage view={{ ...target, segment }} />);
    expect(existing).toContain("Open segment in Shopify");
    expect(existing).not.toContain("Create segment");
  });

  it("disables creating before the agreement, with the reason", () => {
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

  it("shows no predictions for single new customers", () => {
    const early = { ...target, target: { axis: "clv", tier: "new" } } as const;
    expect(renderText(<TargetPage view={early} />)).toContain("Harriet Appleby £910");
  });

  it("shows when it has no customers", () => {
    const empty = { ...target, customers: 0, examples: [] };
    expect(renderText(<TargetPage view={empty} />)).toContain("Nobody is in this group now.");
  });
});
