import { describe, expect, it } from "vitest";

import { lastNight } from "./nightly-slot.ts";

const shops = Array.from({ length: 400 }, (_, number) => `shop-${String(number)}.myshopify.com`);

function wallHour(moment: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  return Number(format.format(moment));
}

describe("a shop's night", () => {
  it.each(["Europe/Paris", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"])(
    "lies between one and five by the clocks of %s, and within the last day",
    (timeZone) => {
      const moment = new Date("2026-11-21T13:37:00Z");
      for (const shop of shops) {
        const night = lastNight(shop, moment, timeZone);
        expect(wallHour(night, timeZone)).toBeGreaterThanOrEqual(1);
        expect(wallHour(night, timeZone)).toBeLessThan(5);
        const ageMs = moment.getTime() - night.getTime();
        expect(ageMs).toBeGreaterThanOrEqual(0);
        expect(ageMs).toBeLessThan(86_400_000);
      }
    },
  );

  it("is the same moment all day long, and the next one a day later", () => {
    const [shop = ""] = shops;
    const night = lastNight(shop, new Date("2026-11-21T12:00:00Z"), "Europe/Paris");
    expect(lastNight(shop, new Date("2026-11-21T22:00:00Z"), "Europe/Paris")).toEqual(night);
    expect(lastNight(shop, night, "Europe/Paris")).toEqual(night);
    const next = lastNight(shop, new Date("2026-11-22T12:00:00Z"), "Europe/Paris");
    expect(next.getTime() - night.getTime()).toBe(86_400_000);
  });

  it("does not change between versions of Encore", () => {
    const moment = new Date("2026-11-21T12:00:00Z");
    const times = ["one.myshopify.com", "two.myshopify.com", "a"].map((shop) =>
      lastNight(shop, moment, "UTC").toISOString(),
    );
    // FNV-1a of "a" is e40c292c, which leaves 220 of 240 minutes.
    expect(times).toEqual([
      "2026-11-21T04:06:00.000Z",
      "2026-11-21T03:24:00.000Z",
      "2026-11-21T04:40:00.000Z",
    ]);
  });

  it("is spread over the hours by shop", () => {
    const moment = new Date("2026-11-21T12:00:00Z");
    const nights = shops.map((shop) => lastNight(shop, moment, "UTC").getTime());
    const minutes = nights.map((night) => (night - Math.min(...nights)) / 60_000);
    const quarters = [0, 60, 120, 180].map(
      (from) => minutes.filter((minute) => minute >= from && minute < from + 60).length,
    );
    for (const count of quarters) expect(count).toBeGreaterThan(shops.length / 8);
  });
});
