import { describe, expect, it } from "vitest";

import { createTimeZone } from "./time-zone.ts";

const london = createTimeZone("Europe/London");
const wall = (text: string) => Date.parse(`${text}Z`);
const utc = (text: string) => new Date(london.toUtc(wall(text))).toISOString();

describe("a time zone", () => {
  it("is in step with UTC in a London winter and an hour ahead in summer", () => {
    expect(utc("2026-01-15T12:00:00")).toBe("2026-01-15T12:00:00.000Z");
    expect(utc("2026-07-15T12:00:00")).toBe("2026-07-15T11:00:00.000Z");
  });

  it("changes at the hour the clocks change and not at midnight", () => {
    expect(utc("2026-03-29T00:59:00")).toBe("2026-03-29T00:59:00.000Z");
    expect(utc("2026-03-29T02:00:00")).toBe("2026-03-29T01:00:00.000Z");
    expect(utc("2026-10-25T00:30:00")).toBe("2026-10-24T23:30:00.000Z");
    expect(utc("2026-10-25T02:00:00")).toBe("2026-10-25T02:00:00.000Z");
  });

  it("does not interpret a two-digit year as one of the twentieth century", () => {
    const zone = createTimeZone("UTC");
    const moment = Date.parse("0021-03-04T05:06:07Z");
    expect(zone.toWall(moment)).toBe(moment);
    expect(zone.toUtc(moment)).toBe(moment);
  });

  it("interprets a skipped local time as if the clocks had not changed", () => {
    expect(utc("2026-03-29T01:30:00")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("interprets a repeated local time as the first", () => {
    expect(utc("2026-10-25T01:30:00")).toBe("2026-10-25T00:30:00.000Z");
  });

  it("converts to local time and back in every hour of a year", () => {
    for (const name of [
      "Europe/London",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
    ]) {
      const zone = createTimeZone(name);
      let different = 0;
      for (let hour = 0; hour < 365 * 24; hour += 1) {
        const moment = Date.UTC(2026, 0, 1, hour, 15);
        if (zone.toUtc(zone.toWall(moment)) !== moment) different += 1;
      }
      // Only the repeated hour in autumn is ambiguous.
      expect(different).toBeLessThanOrEqual(1);
    }
  });

  it("refuses a zone that the platform does not know", () => {
    expect(() => createTimeZone("Mars/Olympus")).toThrow(RangeError);
  });
});
