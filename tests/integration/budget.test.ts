import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { settlePoints, takeOrSlowDown, takePoints } from "#app/shopify/api/budget.server.ts";
import type { Priority } from "#app/shopify/api/throttle.ts";

const shop = shopDomain("one.myshopify.com");

/** A budget that does not refill during the test. */
async function budget(columns: {
  available: number;
  restoreRate?: number;
  first?: string;
  person?: boolean;
}): Promise<void> {
  await pool.query(
    `insert into cost_budgets (shop, available, at, maximum, restore_rate, first_in_line,
                               first_until, person_until)
     values ($1, $2, now(), 2000, $3, $4, now() + interval '1 hour', $5)
     on conflict (shop) do update set available = excluded.available, at = excluded.at,
       restore_rate = excluded.restore_rate, first_in_line = excluded.first_in_line,
       first_until = excluded.first_until, person_until = excluded.person_until`,
    [
      shop,
      columns.available,
      columns.restoreRate ?? 1e-9,
      columns.first ?? null,
      columns.person === true ? new Date(Date.now() + 3_600_000) : null,
    ],
  );
}

async function available(): Promise<number> {
  const { rows } = await pool.query<{ available: number }>("select available from cost_budgets");
  return Math.round(rows[0]!.available);
}

/** Reserves the points of one call. @returns milliseconds to wait; 0 when they are reserved */
async function take(cost: number, priority: Priority): Promise<number> {
  const { points, waitMs } = await takePoints(shop, { first: cost, all: cost }, priority);
  expect(points).toBe(waitMs === 0 ? cost : 0);
  return waitMs;
}

const status = (currentlyAvailable: number) => ({
  maximumAvailable: 2000,
  currentlyAvailable,
  restoreRate: 1e-9,
});

beforeEach(() => pool.query("truncate cost_budgets"));
afterAll(() => closeDatabase());

describe("the budget that all processes share", () => {
  it("starts with a size that every plan has", async () => {
    expect(await take(10, "background")).toBe(0);
    expect(await available()).toBeGreaterThanOrEqual(490);
    expect(await available()).toBeLessThan(1000);
  });

  it("never reserves the same points twice, however many calls are concurrent", async () => {
    await budget({ available: 1000 });
    const waits = await Promise.all(Array.from({ length: 60 }, () => take(30, "interactive")));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(33);
    expect(await available()).toBe(10);
  });

  it("reserves points for several calls at once, as far as they suffice", async () => {
    await budget({ available: 505.5 });
    const taken = await takePoints(shop, { first: 10, all: 120 }, "background");
    expect(taken).toEqual({ points: 120, waitMs: 0 });
    const rest = await takePoints(shop, { first: 10, all: 800 }, "background");
    expect(rest).toEqual({ points: 185, waitMs: 0 });
    expect((await takePoints(shop, { first: 10, all: 800 }, "background")).points).toBe(0);
  });

  it("refills over time, up to its size", async () => {
    await budget({ available: 0, restoreRate: 100 });
    await pool.query("update cost_budgets set at = now() - interval '5 seconds'");
    expect(await take(490, "interactive")).toBe(0);
    await pool.query("update cost_budgets set at = now() - interval '1 hour'");
    expect(await take(0, "interactive")).toBe(0);
    expect(await available()).toBe(2000);
  });

  it("returns how long the missing points take", async () => {
    await budget({ available: 0, restoreRate: 100 });
    const wait = await take(1000, "interactive");
    expect(wait).toBeGreaterThan(9_000);
    expect(wait).toBeLessThanOrEqual(10_000);
  });

  it("keeps a reserve that only people may use", async () => {
    await budget({ available: 205 });
    expect(await take(10, "background")).toBeGreaterThan(0);
    expect(await take(200, "interactive")).toBe(0);
  });

  it("pauses background calls, in every process, while a person waits", async () => {
    await budget({ available: 1000 });
    expect(await take(1500, "interactive")).toBeGreaterThan(0);
    expect(await take(10, "background")).toBeGreaterThan(0);
    await pool.query("update cost_budgets set person_until = now()");
    expect(await take(10, "background")).toBe(0);
  });

  it("keeps the place of the background call that came first, but not of a dead process", async () => {
    await budget({ available: 1000, first: "another process" });
    expect(await take(10, "background")).toBeGreaterThan(0);
    expect(await take(10, "interactive")).toBe(0);
    await pool.query("update cost_budgets set first_until = now()");
    expect(await take(10, "background")).toBe(0);
  });

  it("gives the first place to a call that lacks points, until it has them", async () => {
    const place = "select first_in_line is not null as kept from cost_budgets";
    await budget({ available: 300 });
    await take(500, "background");
    expect((await pool.query(place)).rows).toEqual([{ kept: true }]);
    await pool.query("update cost_budgets set available = 1000");
    expect(await take(500, "background")).toBe(0);
    expect((await pool.query(place)).rows).toEqual([{ kept: false }]);
  });

  it("allows a call that costs more than the whole bucket when it is full", async () => {
    await budget({ available: 1999 });
    expect(await take(5000, "background")).toBeGreaterThan(0);
    await budget({ available: 2000 });
    expect(await take(5000, "background")).toBe(0);
  });

  it("gets back the points that a call was not charged", async () => {
    await budget({ available: 1000 });
    await take(100, "background");
    await settlePoints(shop, 60, status(1990));
    expect(await available()).toBe(1490);
    await budget({ available: 1000 });
    await settlePoints(shop, 60, status(1200));
    expect(await available()).toBe(1060);
  });

  it("adopts Shopify's figure when it is lower, or higher than calls in flight explain", async () => {
    await budget({ available: 1000 });
    await settlePoints(shop, 0, status(40));
    expect(await available()).toBe(40);
    await settlePoints(shop, 0, status(1800));
    expect(await available()).toBe(1300);
    await settlePoints(shop, 0, status(1700));
    expect(await available()).toBe(1300);
  });

  it("continues slowly when the database does not answer", async () => {
    const slept: number[] = [];
    const need = { first: 10, all: 10 };
    const takeAnyway = takeOrSlowDown(shop, async (milliseconds) => {
      await Promise.resolve();
      slept.push(milliseconds);
    });
    await pool.query("alter table cost_budgets rename to cost_budgets_away");
    try {
      expect(await takeAnyway(need, "background")).toEqual({ points: 10, waitMs: 0 });
      await settlePoints(shop, 0, status(100));
    } finally {
      await pool.query("alter table cost_budgets_away rename to cost_budgets");
    }
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThanOrEqual(500);
    expect(await takeAnyway(need, "background")).toEqual({ points: 10, waitMs: 0 });
    expect(slept).toHaveLength(1);
  });
});
