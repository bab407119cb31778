import { describe, expect, it } from "vitest";

import type { HomeView } from "#app/scoring/views/home.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import {
  accuracy,
  agreed,
  importing,
  notAgreed,
  refused,
  scored,
  scoredHome,
  task,
} from "#tests/setup/views.ts";

import { HomePage } from "./HomePage.tsx";

const NOW = Date.parse("2026-11-21T12:00:00Z");

function home(view: HomeView, writing: WritingView | null = null) {
  return <HomePage view={view} writing={writing} segments={{}} verdict={accuracy} nowMs={NOW} />;
}

const written = scored(task("write", "done"));

describe("any state of home", () => {
  it("shows first that a customer waits for their data, and the deadline", () => {
    const requests = { count: 1, dueOn: "2026-12-20" };
    for (const view of [written, importing(), refused]) {
      const rest = { writing: agreed, requests, segments: {}, verdict: accuracy, nowMs: NOW };
      const page = <HomePage view={view} {...rest} />;
      expect(renderText(page)).toContain("1 customer has asked for their data");
      expect(renderText(page)).toContain("Please hand it over by Dec 20, 2026.");
      expect(renderHtml(page)).toContain('href="/app/privacy"');
    }
    expect(renderText(home(written, agreed))).not.toContain("asked for their data");
  });
});

describe("the dashboard", () => {
  it("says whether it was right, with the way to the figures", () => {
    expect(renderText(home(written, agreed))).toContain(
      "Was it right? Of the customers called high",
    );
    expect(renderHtml(home(written, agreed))).toContain('href="/app/accuracy"');
  });

  it("warns first of all when the tiers have stopped telling anything", () => {
    const off = {
      ...accuracy,
      trust: { state: "off" as const, weeks: 4, skill: -0.2, level: null },
    };
    const page = (
      <HomePage view={written} writing={agreed} segments={{}} verdict={off} nowMs={NOW} />
    );
    expect(renderText(page)).toMatch(/Do not rely on the tiers for now.*Start with your/);
    expect(renderText(home(written, agreed))).not.toContain("Do not rely on the tiers");
  });

  it("says who is worth a look, each with the way to these people", () => {
    const html = renderHtml(home(written, agreed));
    const text = renderText(home(written, agreed));
    expect(text).toContain("38 high-value customers slipped to moderate or low this week.");
    expect(text).toContain("112 customers are due: the time of their next order includes");
    expect(text).toContain("1 customer is overdue by their own rhythm, and still expected back.");
    expect(text).toContain("Expected of them in the next 90 days: £123.");
    expect(text).not.toContain("next 7 days. Worked out afterwards");
    for (const view of ["slipped", "week&amp;week=2026-11-21", "overdue"]) {
      expect(html).toContain(`href="/app/customers?view=${view}"`);
    }
  });

  it("has a quiet sentence where nobody needs attention, and nothing where that is unknown", () => {
    const attention = scoredHome.attention!;
    const nobody = { customers: 0, expectedSpendMinor: 0 };
    const quiet = { ...attention, slipped: 0, due: 0, overdue: nobody };
    const page = (changes: typeof attention | null) =>
      home({ ...written, scored: { ...scoredHome, attention: changes } } as HomeView, agreed);
    expect(renderText(page(quiet))).toContain("Nobody slipped this week, and nobody is due");
    expect(renderText(page(null))).not.toContain("Worth a look");
    expect(renderText(page(null))).not.toContain("Moves in the last");
  });

  it("marks what rests on the weeks before the first scoring", () => {
    const attention = scoredHome.attention!;
    const first = { ...attention, reconstructed: { week: true, moves: true } };
    const later = { ...attention, reconstructed: { week: false, moves: false } };
    const text = (changes: typeof attention) =>
      renderText(
        home({ ...written, scored: { ...scoredHome, attention: changes } } as HomeView, agreed),
      );
    expect(text(first)).toContain("this week. Worked out afterwards, with what was known then.");
    expect(text(first)).toContain("Moves from before the first scoring were worked out afterwards");
    expect(text(later)).not.toContain("orked out afterwards, with what was known then.");
  });

  it("counts who moved on each axis, in words that lead to these people", () => {
    const html = renderHtml(home(written, agreed));
    const text = renderText(home(written, agreed));
    expect(text).toMatch(
      /Moves in the last 30 days\s+Customer lifetime value\s+141 up\s+203 down\s+Purchase likelihood\s+98 up\s+260 down/,
    );
    for (const view of ["value-up", "value-down", "likelihood-up", "likelihood-down"]) {
      expect(html).toContain(`href="/app/customers?view=${view}"`);
    }
    expect(renderText(home(written, agreed), "fr")).toContain("203 en baisse");
  });

  it("opens a segment that exists, and offers to create the others", () => {
    const segment = { segmentId: "9", name: "Best", query: "q", adminUrl: "shopify://admin/9" };
    const segments = { "clv:high": segment };
    const text = renderHtml(
      <HomePage
        view={written}
        writing={agreed}
        segments={segments}
        verdict={accuracy}
        nowMs={NOW}
      />,
    );
    expect(text).toContain('aria-label="Open segment: Customer lifetime value, High"');
    expect(text).toContain('aria-label="Create segment: Customer lifetime value, Low"');
    expect(text).not.toContain('aria-label="Create segment: Customer lifetime value, High"');
  });

  it("shows a clean-up instead of the agreement to writing", () => {
    const removing = { ...notAgreed, beingRemoved: true };
    const view = scored(task("cleanup", "running", { done: 1, total: 2 }));
    const text = renderText(home(view, removing));
    expect(text).toContain("Removing everything Encore made");
    expect(text).not.toContain("Start writing tags");
  });

  it("starts with what to do today", () => {
    expect(renderText(home(written, agreed))).toContain(
      "Start with your 40 high-value customers: 50% of the spending expected in the next 90 days is theirs.",
    );
  });

  it("shows freshness, horizon and number of orders", () => {
    expect(renderText(home(written, agreed))).toContain(
      "400 customers scored 2 minutes ago · next 90 days · 1,200 orders since Nov 2025",
    );
  });

  it("shows spend so far beside expected spend", () => {
    expect(renderText(home(written, agreed))).toContain(
      "40 customers £5,000 expected (50%) £9,000 spent so far",
    );
  });

  it("shows the range of the total expected spend", () => {
    expect(renderText(home(written, agreed))).toContain(
      "All together £10,000 expected; in 8 of 10 cases between £8,300 and £12,100.",
    );
  });

  it("shows likelihood in plain words, relative to the store's base rate", () => {
    const text = renderText(home(written, agreed));
    expect(text).toContain(
      "Usual for your store: 42 of 100 customers bought again in the last 90 days.",
    );
    expect(text).toContain("Likely to buy again · likelier than usual for your store");
    expect(text).toContain("About 58 of 100 expected to buy");
    expect(text).toContain("Fewer than 1 of 100 expected to buy");
  });

  it("draws bars that add up to all customers on each axis", () => {
    const widths = [...renderHtml(home(written, agreed)).matchAll(/inline-size:([\d.]+)%/g)];
    const all = widths.map((match) => Number(match[1]));
    // Moves have bars too, four of them, after these.
    expect(all).toHaveLength(12);
    const shares = all.slice(0, 8);
    expect(shares.slice(0, 4).reduce((sum, share) => sum + share)).toBeCloseTo(100, 1);
    expect(shares.slice(4).reduce((sum, share) => sum + share)).toBeCloseTo(100, 1);
  });

  it("links from each row to its customers, with an accessible name", () => {
    const html = renderHtml(home(written, agreed));
    expect(html).toMatch(
      /aria-label="High: see the 40 customers"[^>]* href="\/app\/targets\/clv\/high"/,
    );
    expect(html.match(/href="\/app\/targets\/(clv|buy)\//g)).toHaveLength(8);
  });

  it("offers a segment for each row after the agreement", () => {
    const html = renderHtml(home(written, agreed));
    expect(html).toContain('aria-label="Create segment: Purchase likelihood, Low"');
    expect(html).not.toContain("Nothing has been written");
  });

  it("shows failed writes by reason", () => {
    const failures = [{ code: "customer-tag-limit", customers: 3 }];
    const text = renderText(home(written, { ...agreed, failures }));
    expect(text).toContain("3 customers could not be written");
    expect(text).toContain("The customer has as many tags as Shopify allows. (3 customers)");
  });
});

describe("before the first write", () => {
  const text = renderText(home(scored(), notAgreed));
  const html = renderHtml(home(scored(), notAgreed));

  it("shows the dry run and one button", () => {
    expect(text).toContain("Nothing has been written to your store yet");
    expect(text).toContain("800 customer tags");
    expect(text).toContain("2,310 customer metafields in the namespace “encore”");
    expect(text).toContain("Start writing tags and metafields");
    expect(html.match(/variantPrimary/g)).toHaveLength(1);
  });

  it.each([
    ["en", "Everything Encore had written to your store has been removed", "Write tags and"],
    ["fr", "Tout ce qu’Encore avait écrit dans votre boutique a été retiré", "Écrire de nouveau"],
  ])(
    "shows after a clean-up that all is removed, and offers to write again: %s",
    (locale, ...said) => {
      const view = home(scored(), { ...notAgreed, removed: "all" });
      const shown = renderText(view, locale);
      for (const words of said) expect(shown).toContain(words);
      expect(shown).not.toMatch(/has been written|été écrit|written to Shopify yet|encore écrit/);
      expect(renderHtml(view, locale)).not.toContain('href="/app/settings"');
    },
  );

  it.each([
    ["en", "with exceptions", "See what is left in Settings"],
    ["fr", "avec des exceptions", "Voir ce qui reste dans les réglages"],
  ])("shows when something was left, with a link to details: %s", (locale, ...said) => {
    const view = home(scored(), { ...notAgreed, removed: "some" });
    for (const words of said) expect(renderText(view, locale)).toContain(words);
    expect(renderHtml(view, locale)).toContain('href="/app/settings"');
  });

  it("disables each segment button with the reason", () => {
    const buttons = html.match(/<button[^>]*aria-label="Create segment:[^>]*>/g) ?? [];
    expect(buttons).toHaveLength(8);
    for (const button of buttons) {
      expect(button).toContain("disabled");
      expect(button).toContain('aria-describedby="segments-blocked"');
    }
    expect(html).toContain('id="segments-blocked"');
    expect(text).toContain("Segments can be created from then on");
  });
});

describe("while tasks run", () => {
  it("shows the number of orders read of the total", () => {
    const running = task("import", "running", { done: 12_300, total: 25_884 });
    expect(renderText(home(importing(running)))).toContain("12,300 of 25,884 orders");
  });

  it("shows the count alone while the total is unknown", () => {
    const running = task("import", "running", { done: 12_300 });
    expect(renderText(home(importing(running)))).toContain("12,300 orders so far");
  });

  it("shows why a step failed", () => {
    const failed = task("import", "failed", { errorCode: "shopify-unreachable" });
    expect(renderText(home(importing(failed)))).toContain(
      "This step stopped. Shopify could not be reached.",
    );
  });

  it("offers to retry a failed step, also beside older figures", () => {
    const failed = task("score", "failed", { errorCode: "shopify-unreachable" });
    const text = renderText(home(scored(failed, task("write", "done")), agreed));
    expect(text).toContain("The figures below are those of the last scoring.");
    expect(text).toContain("Try again");
    expect(text).toContain("Start with your 40 high-value customers");
  });

  it("shows an unknown code, so that it can be reported", () => {
    const failed = task("score", "failed", { errorCode: "odd" });
    expect(renderText(home(importing(task("import", "done"), failed)))).toContain("Code: odd");
  });

  it("does not show the step for the few changes of every day", () => {
    const few = { ...agreed, plan: { ...agreed.plan, customers: 3 } };
    const text = renderText(home(scored(task("write", "running", { done: 1, total: 6 })), few));
    expect(text).toContain("Tags and metafields are being written to Shopify.");
    expect(text).not.toContain("You can leave this page");
  });

  it("shows a large write once it is agreed", () => {
    const view = scored(task("write", "running", { done: 200, total: 800 }));
    const text = renderText(home(view, agreed));
    expect(text).toContain("Writing tags and metafields");
    expect(text).toContain("25%");
  });
});

describe("the refusal", () => {
  const text = renderText(home(refused));

  it("explains the skill rule in plain words", () => {
    expect(text).toContain(
      "A plain guess gives every customer the same chance. " +
        "Your store: 1.9% better than a guess Needed: at least 2% better than a guess",
    );
    expect(text).toContain("Your store: 12 customers Needed: at least 20 customers");
    const skill = { code: "skill", passed: false, have: 0, need: 0.02, unit: "share" } as const;
    const only = (expectedOn: string | null) =>
      renderText(home({ ...refused, rules: [{ ...skill, expectedOn }] } as HomeView));
    expect(only("2027-02-01")).toContain("Your store: cannot be checked yet");
    expect(only(null)).toContain("Your store: no better than a guess");
  });

  it("shows for each rule what is needed, what there is and when it will be met", () => {
    expect(text).toContain("5 conditions are not met yet.");
    expect(text).toContain(
      "Customers with an order Not met yet Your store: 61 customers Needed: at least 100 customers Expected around Jan 14, 2027",
    );
    expect(text).toContain("Your store: 49 days Needed: at least 95 days No date can be given yet");
    expect(text).toContain("Your store: the last 60 days only Needed: all orders");
    expect(text).toContain("Met Your store: 4 days Needed: at most 30 days");
  });

  it("explains what happens meanwhile, with a reconciliation run as the only action", () => {
    expect(text).toContain("It predicts nothing and writes nothing to your store");
    const buttons = renderHtml(home(refused)).match(/<button.*?<\/button>/g) ?? [];
    expect(buttons.map((button) => button.replace(/<[^>]*>/g, ""))).toEqual(["Check now"]);
  });
});

describe("in French", () => {
  it("has French texts, plurals and figures", () => {
    const text = renderText(home(written, agreed), "fr");
    expect(text).toContain("Valeur vie client (90 prochains jours)");
    expect(text).toContain("La valeur future prévue est élevée");
    expect(text).toContain("5 000 £ attendus (50 %)");
    expect(text).toContain("Créer un segment");
  });

  it("has no English texts", () => {
    const screens = [home(written, agreed), home(scored(), notAgreed), home(refused)];
    for (const screen of screens) {
      expect(renderText(screen, "fr")).not.toMatch(
        /\b(customers|orders|spent|segments? (can|is))\b/,
      );
    }
  });
});
