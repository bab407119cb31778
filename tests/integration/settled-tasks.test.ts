import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { hasWorkEnded, haveTasksEnded } from "#app/privacy/erasure/wait-for-work.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

const shop = shopDomain("one.myshopify.com");
const since = new Date("2026-11-21T12:00:00Z");
const asked = { since, waitMs: 0, signal: undefined };

/** @param seconds between the erasure and the start of the job */
async function running(name: string, seconds: number, of: string = shop): Promise<void> {
  await pool.query(
    `insert into pgboss.job (name, data, state, started_on)
     values ($1, jsonb_build_object('shop', $2::text), 'active', $3)`,
    [name, of, new Date(since.getTime() + 1000 * seconds)],
  );
}

async function sending(seconds: number): Promise<void> {
  await pool.query(
    `insert into write_batches (shop, id, kind, state, lines, line_count, created_at)
     values ($1, 'b', 'tagsAdd', 'running', $2, 0, $3)`,
    [shop, "[]", new Date(since.getTime() + 1000 * seconds)],
  );
}

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await pool.query("delete from pgboss.job");
  await pool.query("truncate write_batches");
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("a task that may have read an erased customer", () => {
  it.each([
    ["long before", -3600, false],
    ["just before", -1, false],
    ["at that time", 0, false],
    ["just after: it may have been handed out before what it reads was gone", 4, false],
    ["later", 6, true],
    ["much later", 60, true],
  ])("is waited for when it was started %s", async (_, seconds, settled) => {
    await running("scoring.run", seconds);
    expect(await haveTasksEnded(shop, asked)).toBe(settled);
    expect(await hasWorkEnded(shop, asked)).toBe(settled);
  });

  it("is not the erasing task itself, nor another shop's, nor a completed one", async () => {
    await running("privacy.handle", 0);
    await running("scoring.run", 0, "two.myshopify.com");
    await running("orders.follow", 0);
    await pool.query("update pgboss.job set state = 'completed' where name = 'orders.follow'");
    expect(await hasWorkEnded(shop, asked)).toBe(true);
  });

  it("may also be a bulk mutation in progress, unless only tasks are considered", async () => {
    await sending(-1);
    expect(await hasWorkEnded(shop, asked)).toBe(false);
    expect(await haveTasksEnded(shop, asked)).toBe(true);
    await pool.query("update write_batches set lines = null");
    expect(await hasWorkEnded(shop, asked)).toBe(true);
    await pool.query("truncate write_batches");
    await sending(1);
    expect(await hasWorkEnded(shop, asked)).toBe(true);
  });

  it("is waited for up to the limit, and not by a stopping worker", async () => {
    await running("scoring.run", 0);
    const waited = haveTasksEnded(shop, { ...asked, waitMs: 10_000 });
    await pool.query("update pgboss.job set state = 'completed'");
    expect(await waited).toBe(true);
    await pool.query("update pgboss.job set state = 'active'");
    const signal = AbortSignal.abort(new Error("the worker is stopping"));
    await expect(haveTasksEnded(shop, { ...asked, signal })).rejects.toThrow("is stopping");
  });
});
