import { describe, expect, it } from "vitest";

import { changeReasons } from "#app/scoring/evaluation/current-tiers.ts";
import type { CustomerView } from "#app/scoring/views/customer.ts";
import { factCodes, tiers } from "#engine";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { customer } from "#tests/setup/views.ts";

import { CustomerPage } from "./CustomerPage.tsx";

const page = (changes: Partial<CustomerView> = {}, locale = "en") =>
  renderText(<CustomerPage view={{ ...customer, ...changes }} from={null} />, locale);

describe("the page of a customer", () => {
  const text = page();
  const html = renderHtml(<CustomerPage view={customer} from={{ axis: "clv", tier: "high" }} />);

  it("explains the tiers in sentences", () => {
    expect(text).toContain(
      "Orders come 5 weeks apart on average, closer together than is usual for your store (3 months). " +
        "Last order 9 weeks ago: late for this customer, though normal for your store. " +
        "An order brings £90.00 on average, more than is usual for your store (£50.00).",
    );
  });

  it("shows both tiers with their figures and ranges", () => {
    expect(text).toContain("lifetime value High Predicted future value is high");
    expect(text).toContain(
      "Expected in the next 90 days £80.50 Spent so far £450 In 9 of 10 cases £210 at most.",
    );
    expect(text).toContain("Purchase likelihood Moderate May buy again · about as likely");
    expect(text).not.toMatch(/Success|Attention|Info/);
    expect(text).toContain(
      "31 of 100 Of 180 customers like this one 90 days ago, about 3 in 10 have bought again since. " +
        "Usual for your store: 42 of 100 customers bought again in the last 90 days.",
    );
    expect(text).toContain("Next order Between Dec 1, 2026 and Jan 15, 2027, if there is one");
  });

  it("shows the range of the spend", () => {
    expect(page({ spendLowMinor: 1_000 })).toContain("In 8 of 10 cases between £10.00 and £210.");
    expect(page({ spendHighMinor: 0 })).toContain("In 9 of 10 cases nothing.");
    expect(page({ ifAny: { lowMinor: 2_000, highMinor: 6_000 } })).toContain(
      "Most likely nothing. If they order, between £20.00 and £60.00 in 8 of 10 cases.",
    );
  });

  it("does not round the share of similar customers to never or always", () => {
    const similar = (bought: number) => page({ similar: { predicted: 0.3, bought, customers: 9 } });
    expect(similar(0.01)).toContain("fewer than 1 in 10 have bought");
    expect(similar(0.99)).toContain("more than 9 in 10 have bought");
    expect(page({ similar: null })).not.toContain("customers like this one");
  });

  it("says plainly that the next order is overdue", () => {
    const passed = { from: "2026-10-28", to: "2026-11-15" };
    const timeline = { ...customer.timeline!, passed };
    const overdue = "It was expected between Oct 28, 2026 and Nov 15, 2026; that has passed.";
    expect(page({ timeline })).toContain(`if there is one ${overdue}`);
    expect(page({ timeline, nextOrder: null })).toContain(`None expected within a year ${overdue}`);
    expect(text).not.toContain("has passed");
  });

  it("has a picture that is read aloud, with its figures as a table", () => {
    expect(text).toContain(
      "3 purchase days from May 6, 2026 to Sep 23, 2026, £450 together. " +
        "The likelihood of an order within 90 days was 80 of 100 on Sep 27, 2026 and 31 of 100 on Nov 21, 2026. " +
        "The next order is expected between Dec 1, 2026 and Jan 15, 2027, if there is one.",
    );
    expect(text).toContain("Oct 25, 2026 – 55 of 100 (worked out afterwards)");
    expect(text).toContain("Jul 1, 2026 £30.00 –");
    expect(text).toContain("Dashed: worked out afterwards, up to Oct 25, 2026");
    expect(page({ timeline: null })).not.toContain("Purchases and likelihood over time");
    const radii = [...html.matchAll(/encore-chart__mark[^>]* r="([\d.]+)"/g)].map(([, r]) => r);
    expect(radii).toHaveLength(3);
    expect(Number(radii[2])).toBeGreaterThan(Number(radii[0]));
    expect(Number(radii[0])).toBeGreaterThan(Number(radii[1]));
  });

  it("says that dots are months, and what is not in the picture", () => {
    const purchases = [{ day: "2026-05-14", amountMinor: 12_000, purchaseDays: 9 }];
    const timeline = { ...customer.timeline!, by: "month", purchases, earlier: 12 } as const;
    const monthly = page({ timeline });
    expect(monthly).toContain("A dot is a month, since this customer buys on too many days");
    expect(monthly).toContain("May 2026 (9 purchase days) £120 –");
    expect(monthly).toContain("12 purchase days before May 3, 2026 are not in the picture.");
  });

  it("shows the facts beside the store's typical values", () => {
    expect(text).toContain("Customer for 7 months 7 months");
    expect(text).toContain("First to last order 5 months 3 months");
    expect(text).toContain("Since the last order 8 weeks 9 weeks");
    expect(text).toContain("Orders 5 2.5 Average order £90.00 £50.00");
    const once = page({ own: { ...customer.own, lifespanDays: null } });
    expect(once).toContain("First to last order One order only 3 months");
  });

  it("shows no predictions for a first-time customer", () => {
    const timeline = { ...customer.timeline!, likelihood: [], expected: null };
    const fresh = page({ tiers: { clv: "new", buy: "new" }, timeline });
    expect(fresh).toContain("First-time customer, too early to tell");
    expect(fresh).toContain("Spent so far £450");
    expect(fresh).not.toMatch(/Expected in|Likelihood of an order|Next order|31 of 100/);
  });

  it("lists the moves with day and reason, and marks reconstructed ones", () => {
    expect(text).toContain(
      "Nov 12, 2026 Purchase likelihood: Moderate (was High), as time passed without an order",
    );
    expect(text).toContain(
      "after an order Moves up to Sep 6, 2026 were worked out afterwards, with what was known then.",
    );
    expect(page({ moves: [] })).toContain("No moves yet.");
  });

  it("shows the customer's number without access to names", () => {
    expect(text).toContain("Customer #90071992547409931");
    expect(page({ name: "Harriet Appleby" })).toContain("Harriet Appleby");
  });

  it("links to the customer in the admin, and back to the target", () => {
    const id = customer.customerId;
    expect(html).toMatch(new RegExp(`<a[^>]*href="shopify://admin/customers/${id}"[^>]*`));
    expect(html).toMatch(/<a[^>]*target="_top"[^>]*>/);
    expect(html).toContain('href="/app/targets/clv/high"');
    const list = "/app/customers?view=due&after=0%7E1%7E7";
    const fromList = renderHtml(<CustomerPage view={customer} from={{ list }} />);
    expect(fromList).toContain(`href="${list.replace("&", "&amp;")}"`);
    expect(fromList).toContain("Back to Customers");
  });

  it("has texts for every reason, tier and move in both languages", () => {
    const moves = changeReasons.map((why, day) => ({
      ...customer.moves[0]!,
      why,
      on: `2026-11-${String(day + 10)}`,
    }));
    for (const locale of ["en", "fr"]) {
      for (const tier of tiers) {
        const reasons = factCodes.map((code) => ({ code, customer: 400, typical: 30 }));
        const shown = page({ tiers: { clv: tier, buy: tier }, reasons, moves }, locale);
        expect(shown).not.toMatch(/customer\.(reason|moves|figure)|\{\{/);
      }
    }
  });

  it("speaks French with French figures", () => {
    const french = page({}, "fr");
    expect(french).toContain("Ses commandes se suivent à 5 semaines d’intervalle en moyenne");
    expect(french).toContain("Dernière commande il y a 9 semaines : c’est tard pour ce client");
    expect(french).toContain("90,00 £");
    expect(french).not.toMatch(/order|customer|spent/i);
  });
});
