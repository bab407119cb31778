import { describe, expect, it } from "vitest";

import type { CalendarView, CalendarWeek } from "#app/scoring/views/calendar.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";

import { CalendarPage } from "./CalendarPage.tsx";
import { CalendarWaiting } from "./CalendarWaiting.tsx";

const week = (from: string, to: string, expected: number): CalendarWeek => ({
  from,
  to,
  customers: { expected, low: expected * 0.7, high: expected * 1.3 },
  spendMinor: { expected: expected * 4_500, low: expected * 3_000, high: expected * 6_000 },
});

const view: CalendarView = {
  currency: "GBP",
  timeZone: "Europe/London",
  horizonDays: 90,
  scoredAt: "2026-11-21T03:12:00.000Z",
  weeks: [week("2026-11-22", "2026-11-28", 41.2), week("2026-11-29", "2026-12-05", 43.6)],
  total: {
    customers: { expected: 84.8, low: 70.2, high: 99.1 },
    spendMinor: { expected: 381_600, low: 300_000, high: 470_000 },
  },
  now: {
    due: 112,
    overdue: { customers: 87, expectedSpendMinor: 210_000 },
    movedThisWeek: { clv: { up: 12, down: 40 }, buy: { up: 9, down: 51 } },
    reconstructed: { week: true, moves: true },
  },
  past: [
    {
      until: "2026-11-14",
      moved: { clv: { up: 7, down: 8 }, buy: { up: 5, down: 6 } },
      due: 99,
      reconstructed: true,
    },
  ],
};

describe("the calendar", () => {
  const text = renderText(<CalendarPage view={view} />);
  const html = renderHtml(<CalendarPage view={view} />);

  it("answers in a sentence how many are expected, for how much, and how sure that is", () => {
    expect(text).toContain(
      "About 85 customers are expected to order again in the next 2 weeks, for about £3,816.",
    );
    expect(text).toContain("In 8 of 10 cases 70 to 100 customers and £3,000 to £4,700.");
    expect(text).toContain("As of the scoring of Nov 21, 2026, 3:12 AM.");
  });

  it("has each week with its figures and ranges, which leads to the people", () => {
    expect(text).toContain("Nov 22 – Nov 28 41 (28 to 54) £1,854 (£1,236 to £2,472)");
    expect(html).toContain('href="/app/customers?view=week&amp;week=2026-11-29"');
    expect(html).toContain('aria-label="Nov 29 – Dec 5: see who is due"');
    expect(text).toContain("Most are expected in the week of Nov 29: about 44.");
  });

  it("draws a bar and a range for each week, read aloud in a sentence", () => {
    expect(html.match(/encore-chart__bar/g)).toHaveLength(2);
    expect(html.match(/encore-chart__range/g)).toHaveLength(2);
    expect(text).toContain("from 41 in the week of Nov 22 to 44 in the week of Nov 29");
  });

  it("says who is overdue, or that nobody is", () => {
    expect(text).toContain(
      "87 customers are overdue. Expected of them in the next 90 days: £2,100.",
    );
    const nobody = { customers: 0, expectedSpendMinor: 0 };
    const none = { ...view, now: { ...view.now, overdue: nobody } };
    expect(renderText(<CalendarPage view={none} />)).toContain("Nobody who is expected back");
  });

  it("tells what moved this week and who is due, and the weeks before, marked as what they are", () => {
    expect(text).toContain("Purchase likelihood: 9 up, 51 down in the 7 days before the last");
    expect(text).toContain("112 customers are due in the next 7 days.");
    expect(text).toContain("Nov 14* 7 up, 8 down 5 up, 6 down 99");
    expect(text).toContain("* Worked out afterwards, with what was known then.");
    const none = renderText(<CalendarPage view={{ ...view, past: [] }} />);
    expect(none).not.toContain("The weeks before");
  });

  it("has words in French, and before there are scores", () => {
    const french = renderText(<CalendarPage view={view} />, "fr");
    expect(french).toContain("Environ 85 clients devraient commander à nouveau");
    expect(french).not.toMatch(/calendar\.|digest\.|customers?\b|week/i);
    for (const kind of ["importing", "refused"] as const) {
      const page = renderHtml(<CalendarWaiting kind={kind} />);
      expect(page).toContain('href="/app"');
      expect(renderText(<CalendarWaiting kind={kind} />, "fr")).not.toContain("calendar.");
    }
  });
});
