import { describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "./days.ts";

describe("days", () => {
  it("number whole days since 1970-01-01 and come back as the same date", () => {
    expect(dayNumber("1970-01-02")).toBe(1);
    expect(dayNumber("2026-11-21")).toBe(20_778);
    expect(isoDay(dayNumber("2024-02-29"))).toBe("2024-02-29");
  });

  it("refuse what is no date, naming what was found", () => {
    expect(() => dayNumber("soon")).toThrow('"soon" is not a day');
  });
});
