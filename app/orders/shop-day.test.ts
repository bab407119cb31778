import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { shopCalendar } from "./shop-day.ts";

const dayOf = (timeZone: string, instant: string) =>
  new Date(shopCalendar(timeZone)(Date.parse(instant)) * 86_400_000).toISOString().slice(0, 10);

describe("the shop's calendar", () => {
  it("counts days since 1970-01-01", () => {
    expect(shopCalendar("UTC")(0)).toBe(0);
    expect(shopCalendar("UTC")(86_400_000 - 1)).toBe(0);
    expect(shopCalendar("UTC")(-1)).toBe(-1);
  });

  it("takes the day on the shop's clock, not on ours", () => {
    expect(dayOf("America/New_York", "2026-01-05T04:59:59Z")).toBe("2026-01-04");
    expect(dayOf("America/New_York", "2026-01-05T05:00:00Z")).toBe("2026-01-05");
    expect(dayOf("Asia/Kolkata", "2026-01-04T18:30:00Z")).toBe("2026-01-05");
    expect(dayOf("Pacific/Kiritimati", "2026-01-04T10:00:00Z")).toBe("2026-01-05");
  });

  it("is right on the days on which clocks change", () => {
    // New York goes from UTC-5 to UTC-4 at 07:00 UTC on 8 March 2026.
    expect(dayOf("America/New_York", "2026-03-08T04:59:00Z")).toBe("2026-03-07");
    expect(dayOf("America/New_York", "2026-03-09T03:59:00Z")).toBe("2026-03-08");
    expect(dayOf("America/New_York", "2026-03-09T04:00:00Z")).toBe("2026-03-09");
  });

  it("agrees with Intl at any instant", () => {
    const zones = ["Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"];
    const instants = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, instant) => {
        const expected = new Intl.DateTimeFormat("sv-SE", { timeZone }).format(instant);
        expect(dayOf(timeZone, new Date(instant).toISOString())).toBe(expected);
      }),
    );
  });

  it("does not take a year of two digits for one of the twentieth century", () => {
    expect(dayOf("UTC", "0021-03-04T05:06:07Z")).toBe("0021-03-04");
    expect(dayOf("America/New_York", "0099-12-31T23:59:59Z")).toBe("0099-12-31");
    expect(dayOf("Europe/London", "0001-01-02T12:00:00Z")).toBe("0001-01-02");
    expect(dayOf("Asia/Kathmandu", "9999-12-31T00:00:00Z")).toBe("9999-12-31");
  });

  it("refuses a time zone it does not know", () => {
    expect(() => shopCalendar("Europe/Atlantis")).toThrow(RangeError);
  });
});
