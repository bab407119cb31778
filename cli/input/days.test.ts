import { describe, expect, it } from "vitest";

import { dateAdvice, DayReader, possibleDays, readDate, tellsTime, writeDay } from "./days.ts";
import { Zone } from "./zone.ts";

const asWritten = new DayReader(null);

function dayIn(zone: string, text: string): string {
  return writeDay(new DayReader(new Zone(zone)).read(text));
}

describe("a date", () => {
  it.each(["2010-12-09", "2010/12/09", "20101209"])("is read from %s", (text) => {
    expect(writeDay(readDate(text))).toBe("2010-12-09");
  });

  it("has the year as written, even below 100", () => {
    expect(writeDay(readDate("0021-03-04"))).toBe("0021-03-04");
    expect(writeDay(readDate("1450-01-01"))).toBe("1450-01-01");
    expect(readDate("0021-02-29")).toBeNaN();
    expect(dayIn("America/New_York", "0021-03-04T12:00:00Z")).toBe("0021-03-04");
    expect(dayIn("Europe/Paris", "0099-12-31T12:00:00Z")).toBe("0099-12-31");
  });

  it("may be a leap day, in a leap year only", () => {
    expect(writeDay(readDate("2024-02-29"))).toBe("2024-02-29");
    expect(readDate("2023-02-29")).toBeNaN();
    expect(readDate("1900-02-29")).toBeNaN();
  });

  it.each(["", "09/12/2010", "2010-13-01", "2010-00-10", "2010-1-9", "0000-01-01", "2010-12-09x"])(
    "is not read from %j",
    (text) => {
      expect(readDate(text)).toBeNaN();
    },
  );
});

describe("possible days of a purchase", () => {
  const noon = Date.parse("2026-11-30T12:00:00Z");
  const shown = (...args: Parameters<typeof possibleDays>) => {
    const { first, last } = possibleDays(...args);
    return [first, last].map(writeDay);
  };

  it("are those from 1995 to tomorrow, in the store's zone or wherever it is latest", () => {
    expect(shown(noon, null)).toEqual(["1995-01-01", "2026-12-02"]);
    expect(shown(noon, new Zone("Europe/Paris"))).toEqual(["1995-01-01", "2026-12-01"]);
    expect(shown(noon, new Zone("Pacific/Kiritimati"))).toEqual(["1995-01-01", "2026-12-02"]);
  });

  it("extend to a later as-of day", () => {
    expect(shown(noon, null, readDate("2199-01-01"))[1]).toBe("2198-12-31");
    expect(shown(noon, null, readDate("2020-01-01"))[1]).toBe("2026-12-02");
  });
});

describe("the day of an order", () => {
  it.each([
    "2010-12-09T07:45:00",
    "2010-12-09 07:45",
    "2010-12-09 07:45:00.123456",
    "2010-12-09 23:59:59 UTC",
    "2010-12-09T00:30:00+05:00",
    "2010-12-09 22:10:00 -0500",
    "20101209T074500".replace("074500", "07:45:00"),
  ])("is the one written in %s where no zone is given", (text) => {
    expect(writeDay(asWritten.read(text))).toBe("2010-12-09");
  });

  it.each(["2010-12-09T25:00:00", "2010-12-09T07:61", "2010-12-09Z", "2010-12-09 noon"])(
    "is not read from %s",
    (text) => {
      expect(asWritten.read(text)).toBeNaN();
    },
  );

  it("is that of the store's zone where the time has an offset", () => {
    expect(dayIn("Europe/Paris", "2026-06-30T22:30:00Z")).toBe("2026-07-01");
    expect(dayIn("America/New_York", "2026-07-01T03:30:00Z")).toBe("2026-06-30");
    expect(dayIn("Asia/Kolkata", "2026-06-30T20:00:00+01:00")).toBe("2026-07-01");
  });

  it("is the written one where the time has no offset", () => {
    expect(dayIn("Pacific/Auckland", "2026-06-30T22:30:00")).toBe("2026-06-30");
  });

  it("is right on both sides of a clock change", () => {
    // Havana puts its clocks forward at midnight: 2026-03-08 begins at 01:00, 05:00 in UTC.
    expect(dayIn("America/Havana", "2026-03-08T04:59:00Z")).toBe("2026-03-07");
    expect(dayIn("America/Havana", "2026-03-08T05:00:00Z")).toBe("2026-03-08");
    expect(dayIn("Europe/London", "2026-10-24T23:30:00Z")).toBe("2026-10-25");
    expect(dayIn("Europe/London", "2026-10-25T23:30:00Z")).toBe("2026-10-25");
  });
});

it("Midnight does not count as a time of day, since date columns are often written so", () => {
  expect(tellsTime("2010-12-09")).toBe(false);
  expect(tellsTime("2010-12-09 00:00:00")).toBe(false);
  expect(tellsTime("2010-12-09 00:00:01")).toBe(true);
  expect(tellsTime("2010-12-09T07:45")).toBe(true);
});

it("An ambiguous date has another message than an invalid one", () => {
  expect(dateAdvice("09/12/2010")).toContain("day or the month first");
  expect(dateAdvice("soon")).toContain("is not a date");
  expect(dateAdvice("")).toContain("is empty");
});

it("An unknown zone is refused with a valid example", () => {
  expect(() => new Zone("Mars/Olympus")).toThrow(/Europe\/Paris/);
});
