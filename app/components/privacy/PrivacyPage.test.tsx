import { describe, expect, it } from "vitest";

import type { HeldView, ReportView } from "#app/privacy/reports/report.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";

import { PrivacyPage } from "./PrivacyPage.tsx";
import { ReportPage } from "./ReportPage.tsx";

const request = {
  id: "w/1",
  customerId: "7",
  requestedOn: "2026-11-20",
  dueOn: "2026-12-20",
  handedOverOn: null,
};

describe("the privacy page", () => {
  it("lists requests with deadlines and links to the reports", () => {
    const answered = { ...request, id: "w2", customerId: "8", handedOverOn: "2026-11-21" };
    const page = <PrivacyPage requests={[request, answered]} />;
    expect(renderText(page)).toContain("Customer #7 Nov 20, 2026 Hand over by Dec 20, 2026");
    expect(renderText(page)).toContain("Customer #8 Nov 20, 2026 Handed over on Nov 21, 2026");
    expect(renderHtml(page)).toContain('href="/app/privacy/w%2F1"');
  });

  it("explains what is held even without requests", () => {
    const text = renderText(<PrivacyPage requests={[]} />);
    expect(text).toContain("Nobody has asked.");
    expect(text).toContain("No name, email, phone number or address.");
  });
});

const held: HeldView = {
  orders: [
    { id: "12", day: "2026-11-01", amountMinor: 1_250, counts: true },
    { id: "11", day: "2026-10-01", amountMinor: 900, counts: false },
  ],
  score: {
    clvTier: "high",
    buyTier: "low",
    buyProbability: 0.31,
    expectedSpendMinor: 4_200,
    spentMinor: 1_250,
  },
  moves: [
    { axis: "clv", from: "low", to: "high", why: "order", on: "2026-11-01", reconstructed: false },
  ],
  written: ["clv:high", "expected_spend: 42.0"],
  earlierScores: 13,
  excluded: false,
};
const view: ReportView = { ...request, currency: "GBP", held, file: "{}" };

describe("the report about a customer", () => {
  const text = renderText(<ReportPage view={view} />);

  it("has orders, scores, moves and written values", () => {
    expect(text).toContain("#12 Nov 1, 2026 £12.50");
    expect(text).toContain("#11 (not counted) Oct 1, 2026 £9");
    expect(text).toContain("Customer lifetime value: High");
    expect(text).toContain("Likelihood of an order: about 31 of 100");
    expect(text).toContain("In Shopify: clv:high, expected_spend: 42.0");
    expect(text).toContain("13 earlier scores are in the file.");
    expect(text).toContain("High (was Low), after an order");
  });

  it("has a button to record the handover, until that is done", () => {
    expect(text).toContain("Please hand it over by Dec 20, 2026.");
    expect(text).toContain("I have handed it over");
    const done = renderText(<ReportPage view={{ ...view, handedOverOn: "2026-11-21" }} />);
    expect(done).toContain("Handed over on Nov 21, 2026");
    expect(done).not.toContain("I have handed it over");
  });

  it("shows when nothing was held", () => {
    const nothing = { orders: [], score: null, moves: [], written: [] };
    const empty = { ...view, held: { ...held, ...nothing, earlierScores: 0 } };
    expect(renderText(<ReportPage view={empty} />)).toContain(
      "Encore held nothing about this customer.",
    );
  });
});
