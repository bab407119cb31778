import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { dayNumber, inKnownZone, isoDay, shopCalendar, zoneOffset } from "./calendar.ts";

const dayOf = (timeZone: string, instant: string) =>
  new Date(shopCalendar(timeZone)(Date.parse(instant)) * 86_400_000).toISOString().slice(0, 10);

describe("the shop's calendar", () => {
  it("counts days since 1970-01-01", () => {
    expect(shopCalendar("UTC")(0)).toBe(0);
    expect(shopCalendar("UTC")(86_400_000 - 1)).toBe(0);
    expect(shopCalendar("UTC")(-1)).toBe(-1);
  });

  it("takes the day in the shop's time zone, not ours", () => {
    expect(dayOf("America/New_York", "2026-01-05T04:59:59Z")).toBe("2026-01-04");
    expect(dayOf("America/New_York", "2026-01-05T05:00:00Z")).toBe("2026-01-05");
    expect(dayOf("Asia/Kolkata", "2026-01-04T18:30:00Z")).toBe("2026-01-05");
    expect(dayOf("Pacific/Kiritimati", "2026-01-04T10:00:00Z")).toBe("2026-01-05");
  });

  it("is right on days of a clock change", () => {
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

  it("does not read years below 100 as 19xx", () => {
    expect(dayOf("UTC", "0021-03-04T05:06:07Z")).toBe("0021-03-04");
    expect(dayOf("America/New_York", "0099-12-31T23:59:59Z")).toBe("0099-12-31");
    expect(dayOf("Europe/London", "0001-01-02T12:00:00Z")).toBe("0001-01-02");
    expect(dayOf("Asia/Kathmandu", "9999-12-31T00:00:00Z")).toBe("9999-12-31");
  });

  it("calls Intl only for the two ends of a day without a clock change", () => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, "formatToParts");
    const day = shopCalendar("Europe/London");
    const noon = Date.UTC(2026, 6, 1, 12);
    for (let minute = 0; minute < 100; minute += 1) day(noon + minute * 60_000);
    expect(asked).toHaveBeenCalledTimes(2);
    for (let minute = 0; minute < 100; minute += 1) day(Date.UTC(2026, 9, 25, 0, minute));
    expect(asked).toHaveBeenCalledTimes(2 + 2 + 100);
    asked.mockRestore();
  });

  it("refuses a time zone it does not know", () => {
    expect(() => shopCalendar("Europe/Atlantis")).toThrow(RangeError);
  });
});

describe("the offset of a time zone", () => {
  it.each([
    ["UTC", "2026-01-05T12:34:56.789Z", 0],
    ["America/New_York", "2026-01-05T12:34:56.789Z", -5 * 60],
    ["America/New_York", "2026-07-05T00:00:00.000Z", -4 * 60],
    ["Asia/Kathmandu", "2026-01-05T23:59:59.999Z", 5 * 60 + 45],
    ["Pacific/Kiritimati", "2026-01-05T12:00:00.001Z", 14 * 60],
    ["Australia/Lord_Howe", "2026-01-31T13:00:00.000Z", 11 * 60],
  ])("is right for %s at %s", (timeZone, instant, minutes) => {
    expect(zoneOffset(timeZone)(Date.parse(instant))).toBe(minutes * 60_000);
  });
});

describe("work that needs the shop's time zone", () => {
  it("is skipped, with a callback, when the zone is unknown", () => {
    let skipped = 0;
    const onUnknown = () => (skipped += 1);
    expect(inKnownZone(() => shopCalendar("Europe/Paris")(0), onUnknown)).toBe(0);
    expect(skipped).toBe(0);
    expect(inKnownZone(() => shopCalendar("Nowhere/Else")(0), onUnknown)).toBeNull();
    expect(skipped).toBe(1);
    const broken = () => {
      throw new TypeError("a bug");
    };
    expect(() => inKnownZone(broken, onUnknown)).toThrow("a bug");
    expect(skipped).toBe(1);
  });
});

describe("days", () => {
  it("convert between ISO dates and whole days since 1970-01-01", () => {
    expect(dayNumber("1970-01-02")).toBe(1);
    expect(dayNumber("2026-11-21")).toBe(20_778);
    expect(isoDay(dayNumber("2024-02-29"))).toBe("2024-02-29");
  });

  it("refuse an invalid date and name it", () => {
    expect(() => dayNumber("soon")).toThrow('"soon" is not a day');
  });
});
