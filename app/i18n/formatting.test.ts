import { describe, expect, it } from "vitest";

import { createFormatting, outOfHundred } from "./formatting.ts";

const english = createFormatting({ locale: "en", currency: "GBP", timeZone: "Europe/London" });
const french = createFormatting({ locale: "fr", currency: "EUR", timeZone: "Europe/Paris" });

describe("amounts", () => {
  it("have no decimals from a hundred up", () => {
    expect(english.money(8_120_450)).toBe("£81,205");
    expect(english.money(4_520)).toBe("£45.20");
    expect(english.money(0)).toBe("£0");
  });

  it("follow French usage: narrow space, decimal comma, trailing currency", () => {
    expect(french.money(8_120_450)).toBe("81\u202f205\u202f€");
    expect(french.money(4_520)).toBe("45,20\u202f€");
  });

  it("support currencies with no or three decimals", () => {
    const yen = createFormatting({ locale: "en", currency: "JPY", timeZone: "UTC" });
    const dinar = createFormatting({ locale: "en", currency: "KWD", timeZone: "UTC" });
    expect(yen.money(1_500)).toBe("¥1,500");
    expect(dinar.money(1_500)).toBe("KWD\u00a01.500");
  });

  it("use the stored number of digits, even where the runtime's differs", () => {
    const forint = createFormatting({ locale: "en", currency: "HUF", timeZone: "UTC" });
    const iraqi = createFormatting({ locale: "en", currency: "IQD", timeZone: "UTC" });
    expect(forint.money(123_456)).toBe("Ft\u00a01,235");
    expect(iraqi.money(1_500)).toBe("IQD\u00a01.500");
  });
});

describe("shares", () => {
  it("are whole percent in the locale's format", () => {
    expect(english.percent(0.504)).toBe("50%");
    expect(french.percent(0.504)).toBe("50\u202f%");
  });

  it("do not round a small share to zero", () => {
    expect(english.percent(0.001)).toBe("<\u00a01%");
    expect(english.percent(0)).toBe("0%");
  });

  it("are expressed out of a hundred without rounding to never or always", () => {
    expect(outOfHundred(0.583)).toEqual({ kind: "about", count: 58 });
    expect(outOfHundred(0.001)).toEqual({ kind: "under", count: 1 });
    expect(outOfHundred(0.999)).toEqual({ kind: "over", count: 99 });
    expect(outOfHundred(0)).toEqual({ kind: "about", count: 0 });
  });
});

describe("no-break spaces", () => {
  it("are of one kind in all versions of Intl's data", () => {
    const texts = [french.number(1_234_567), french.percent(0.5), french.money(123_456_789)];
    for (const text of texts) expect(text).toMatch(/^[^\s]*(\u202f[^\s]+)+$/);
  });
});

describe("times", () => {
  it("keep a calendar day in every time zone", () => {
    const auckland = createFormatting({
      locale: "en",
      currency: "NZD",
      timeZone: "Pacific/Auckland",
    });
    expect(auckland.day("2026-11-20")).toBe("Nov 20, 2026");
    expect(french.day("2026-11-20")).toBe("20 nov. 2026");
    expect(english.month("2025-12-01")).toBe("Dec 2025");
  });

  it("show a moment in the shop's time zone", () => {
    expect(french.moment("2026-11-20T23:30:00Z")).toContain("21 nov. 2026");
    expect(french.moment("2026-11-20T23:30:00Z")).toContain("00:30");
  });

  it("show how long ago a moment was, in whole units and at least a minute", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(english.ago("2026-11-21T11:59:50Z", now)).toBe("1 minute ago");
    expect(english.ago("2026-11-21T09:10:00Z", now)).toBe("2 hours ago");
    expect(french.ago("2026-11-18T11:00:00Z", now)).toBe("il y a 3 jours");
  });
});

describe("spans of days", () => {
  it("have a unit that fits their length", () => {
    expect([0, 1, 13, 14, 62, 80, 400, 1_200].map(english.duration)).toEqual(
      ["0 days", "1 day", "13 days", "2 weeks"].concat([
        "9 weeks",
        "3 months",
        "13 months",
        "3 years",
      ]),
    );
    expect(french.duration(35)).toBe("5\u202fsemaines");
  });

  it("can be relative to today", () => {
    expect([0, 1, 6, 62].map(english.daysAgo)).toEqual([
      "today",
      "yesterday",
      "6 days ago",
      "9 weeks ago",
    ]);
    expect(french.daysAgo(62)).toMatch(/^il y a 9\ssemaines$/);
  });
});

describe("averages and exact shares", () => {
  it("have at most one decimal", () => {
    expect([2.54, 3].map(english.average)).toEqual(["2.5", "3"]);
    expect(french.average(2.54)).toBe("2,5");
  });

  it("round shares down", () => {
    expect(english.exactPercent(0.0199)).toBe("1.9%");
    expect(english.exactPercent(0.02)).toBe("2%");
    expect(english.exactPercent(-0.031)).toBe("-3.1%");
  });
});
