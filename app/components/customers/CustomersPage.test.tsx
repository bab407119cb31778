import { describe, expect, it } from "vitest";

import { WaitingPage } from "#app/components/shared/WaitingPage.tsx";
import type { CustomersView, NamesAnswer } from "#app/scoring/views/customers.ts";
import {
  customerViews,
  plainQuery,
  sortings,
  weekQuery,
  withoutFilters,
} from "#app/scoring/views/customers-query.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { customers } from "#tests/setup/views.ts";

import { CustomersPage } from "./CustomersPage.tsx";

const known: NamesAnswer = { kind: "names", names: { "12": "Harriet Appleby" } };

function page(
  changes: Partial<CustomersView> = {},
  { names = known, locale = "en" }: { names?: NamesAnswer | null; locale?: string } = {},
) {
  return renderText(<CustomersPage view={{ ...customers, ...changes }} names={names} />, locale);
}

describe("the list of customers", () => {
  const html = renderHtml(<CustomersPage view={customers} names={known} />);

  it("answers in a sentence how many there are, and what they are expected to spend by when", () => {
    expect(page()).toContain("3,214 customers are expected to spend £164,000 in the next 90 days.");
    const filtered = { ...plainQuery("slipping"), tiers: { clv: ["low" as const], buy: [] } };
    expect(page({ query: filtered })).toContain(
      "Slipping: 3,214 customers match. Together they are expected to spend £164,000 in the next 90 days.",
    );
    expect(page({ query: weekQuery("2026-12-01") })).toContain(
      "3,214 customers are due from Dec 1 to Dec 7: the time in which their next order",
    );
    const nobody = page({ total: { customers: 0, expectedSpendMinor: 0 }, rows: [] });
    expect(nobody).toContain("No customer is in this list now.");
    expect(nobody).toContain("Choose another view, or take a filter off.");
  });

  it("shows each customer's tiers with their figures, dates and last move", () => {
    const text = page();
    expect(text).toContain("Value, next 90 days");
    expect(text).toContain("£80.50");
    expect(text).toContain("31%");
    expect(text).toContain("Nov 12, 2026");
    expect(text).toContain("Dec 1 – Jan 15, 2027");
    expect(text).toContain("Likelihood fell from High, Nov 12");
  });

  it("foretells nothing of a first-time customer, and no order for sure", () => {
    expect(page()).toContain("Too early to tell");
    expect(page()).not.toContain("100%");
    expect(page()).toContain("99%");
    expect(page()).toContain("None within a year");
  });

  it("shows names where Shopify gives them, and numbers where it does not", () => {
    expect(page()).toContain("Harriet Appleby");
    expect(page()).toContain("Customer #90071992547409931");
    expect(page({}, { names: null })).toContain("Customer #12");
    expect(renderHtml(<CustomersPage view={customers} names={null} />)).toContain("Skeleton");
    expect(html).not.toContain("Skeleton");
  });

  it("says beside the list when the names could not be read, and shows the list", () => {
    const text = page({}, { names: { kind: "failed", code: "shopify-unreachable" } });
    expect(text).toContain("The names are missing. Shopify could not be reached.");
    expect(text).toContain("Customer #12");
  });

  it("leads to each customer, from where there is a way back, and to the pages beside", () => {
    expect(html).toContain('href="/app/customers/12?from=customers"');
    const place = { late: false, key: 8050.25, customerId: "12" };
    const middle = { ...customers, query: plainQuery("due"), previous: place, next: place };
    const between = renderHtml(<CustomersPage view={middle} names={known} />);
    expect(between).toContain("/app/customers/12?from=customers&amp;list=view%3Ddue");
    expect(between).toContain("/app/customers?view=due&amp;before=0%7E8050.25%7E12");
    expect(between).toContain("/app/customers?view=due&amp;after=0%7E8050.25%7E12");
  });

  it("shows a view that another page led to behind the others, by its name", () => {
    expect(page({ query: plainQuery("due") })).not.toContain("Week of");
    expect(page({ query: weekQuery("2026-12-01") })).toContain("Week of Dec 1");
  });

  it("has words for every view, order and tier in both languages", () => {
    for (const locale of ["en", "fr"]) {
      const views = customerViews.map((view) =>
        withoutFilters({ view, week: view === "week" ? "2026-12-01" : null }),
      );
      const sorted = sortings.map((sorting) => ({ ...plainQuery("all"), sorting }));
      for (const query of [...views, ...sorted]) {
        expect(page({ query }, { locale })).not.toMatch(/customers\.[a-z]|\{\{/);
      }
    }
    const french = page({}, { locale: "fr" });
    expect(french).toContain("3 214 clients devraient dépenser 164 000 £ dans les 90 prochains");
    expect(french).not.toMatch(/customer|likelihood|expected/i);
  });
});

describe("before there are scores", () => {
  it("says what is going on and where to look, in both languages", () => {
    const text = renderText(<WaitingPage of="customers" kind="importing" />);
    expect(text).toContain("Encore is reading your orders and scores your customers afterwards.");
    expect(renderHtml(<WaitingPage of="customers" kind="importing" />)).toContain('href="/app"');
    expect(renderText(<WaitingPage of="customers" kind="refused" />)).toContain(
      "Not enough to go on yet",
    );
    expect(renderText(<WaitingPage of="customers" kind="refused" />, "fr")).toContain(
      "Voir ce qui manque",
    );
  });
});
