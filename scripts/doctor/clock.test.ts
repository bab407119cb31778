import { describe, expect, it } from "vitest";

import { compareClocks } from "./clock.ts";
import { checkServer, type Read } from "./database.ts";

const now = 1_764_500_000_000;

describe("comparing clocks", () => {
  it.each([
    ["the same", { theirs: now, askedAt: now - 20, receivedAt: now + 20 }, 0, "ok"],
    ["off by a tolerated amount", { theirs: now + 10_000, askedAt: now, receivedAt: now }, 0, "ok"],
    [
      "read during a slow response",
      { theirs: now, askedAt: now - 60_000, receivedAt: now },
      0,
      "ok",
    ],
    [
      "with a resolution of seconds",
      { theirs: now - 10_900, askedAt: now, receivedAt: now },
      1_000,
      "ok",
    ],
    [
      "the same, with exact time",
      { theirs: now - 10_900, askedAt: now, receivedAt: now },
      0,
      "wrong",
    ],
  ])("%s", (...[, reading, unitMs, mark]) => {
    expect(compareClocks("Shopify", reading, unitMs).mark).toBe(mark);
  });

  it("says by how much, and in which direction", () => {
    const at = { askedAt: now, receivedAt: now + 1_000 };
    expect(compareClocks("Shopify", { theirs: now + 61_000, ...at })).toMatchObject({
      mark: "wrong",
      found: "60 s behind Shopify",
    });
    expect(compareClocks("Shopify", { theirs: now - 60_000, ...at })).toMatchObject({
      found: "60 s ahead of Shopify",
      todo: expect.stringContaining("NTP") as string,
    });
  });
});

describe("a PostgreSQL", () => {
  const of = (number: number) => {
    const read = () => Promise.resolve([{ number, version: "x", theirs: Date.now() }]);
    return checkServer("postgresql://encore:hunter2@db.example/encore", read as unknown as Read);
  };

  it("that is too old is reported, with the required version", async () => {
    const [server] = await of(130_014);
    expect(server).toMatchObject({
      mark: "wrong",
      found: "PostgreSQL x at db.example:5432/encore",
      todo: "Encore needs PostgreSQL 14 or newer",
    });
    expect((await of(140_000)).map(({ mark }) => mark)).toEqual(["ok", "ok"]);
  });
});
