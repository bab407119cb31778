import { describe, expect, it } from "vitest";

import { headerProblem, isInstant } from "./webhook-headers.ts";

describe("isInstant", () => {
  it("accepts ISO times with an offset, to the nanosecond", () => {
    for (const text of [
      "2026-11-22T08:00:00Z",
      "2026-11-22T08:00:00.123456789Z",
      "2026-11-22T08:00:00.1+05:30",
      "2000-01-01T00:00:00-11:00",
      "2199-12-31T23:59:59Z",
    ]) {
      expect(isInstant(text), text).toBe(true);
    }
  });

  it("refuses anything else, and implausible years", () => {
    for (const text of [
      ...["", "garbage", "2026-11-22", "2026-11-22T08:00:00", "2026-11-22T08:00Z"],
      ...["x2026-11-22T08:00:00Z", "2026-11-22T08:00:00Zx", "2026-11-22T08:00:00+0530"],
      ...["2026-11-22T08:00:00.1234567890Z", "2026-11-22T08:00:00.Z", "2026-11-22T08:00:00 Z"],
      ...["2026-13-22T08:00:00Z", "2026-11-22T25:00:00Z", "0000-01-01T00:00:00Z"],
      ...["1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2026-11-22T08:00:00+5:30"],
    ]) {
      expect(isInstant(text), text).toBe(false);
    }
  });
});

describe("a webhook's headers", () => {
  const good = { domain: "one.myshopify.com", webhookId: "b54557e4-bdd9", triggeredAt: null };

  it("are valid as Shopify writes them", () => {
    expect(headerProblem(good)).toBeNull();
    expect(headerProblem({ ...good, triggeredAt: "2026-11-22T08:00:00.1Z" })).toBeNull();
    expect(headerProblem({ ...good, webhookId: "!~".padEnd(255, "x") })).toBeNull();
  });

  it("are refused with the reason", () => {
    const wrongShop = "the shop is not of the form name.myshopify.com";
    expect(headerProblem({ ...good, domain: "one.example.com" })).toBe(wrongShop);
    const wrongId = "the webhook's id is not 1 to 255 printable characters";
    for (const webhookId of ["", "a b", "a\u0000", "é", "x".repeat(256), "a\n"]) {
      expect(headerProblem({ ...good, webhookId }), webhookId).toBe(wrongId);
    }
    const wrongTime = "the time of the event is no ISO time";
    expect(headerProblem({ ...good, triggeredAt: "yesterday" })).toBe(wrongTime);
    expect(headerProblem({ ...good, triggeredAt: "" })).toBe(wrongTime);
  });
});
