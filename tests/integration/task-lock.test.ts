import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, afterEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { closeTaskLocks, takeTaskLock, tryTaskLock } from "#app/queue/task-lock.server.ts";

const work = { name: "scoring.run", shop: shopDomain("one.myshopify.com") } as const;
const never = new AbortController().signal;

afterEach(async () => {
  await closeTaskLocks();
  // The locks of an ended session are released a moment later.
  while ((await connections()).length > 0) await sleep(10);
});
afterAll(closeDatabase);

const connections = async () =>
  (
    await pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
         join pg_locks using (pid)
        where application_name = 'encore-task-locks' and locktype = 'advisory'
          and datname = current_database()`,
    )
  ).rows;

describe("the lock of a task", () => {
  it("is granted once, also within one process, and again after its release", async () => {
    const lock = await tryTaskLock(work);
    expect(await tryTaskLock(work)).toBeNull();
    const second = takeTaskLock(work, never);
    await lock!.release();
    await (await second).release();
    expect(await tryTaskLock(work)).not.toBeNull();
  });

  it("is separate for each task and shop, all on one connection", async () => {
    const locks = await Promise.all([
      tryTaskLock(work),
      tryTaskLock({ ...work, name: "orders.follow" }),
      tryTaskLock({ ...work, shop: shopDomain("two.myshopify.com") }),
    ]);
    expect(locks).not.toContain(null);
    const holders = new Set((await connections()).map(({ pid }) => pid));
    expect(holders.size).toBe(1);
  });

  it("is lost with its connection, which all holders are told, and can be taken again", async () => {
    const lock = await tryTaskLock(work);
    const other = await tryTaskLock({ ...work, name: "orders.follow" });
    const lost = new Promise((resolve) => lock!.lost.addEventListener("abort", resolve));
    const [connection] = await connections();
    await pool.query("select pg_terminate_backend($1)", [connection!.pid]);
    await lost;
    expect(other!.lost.aborted).toBe(true);
    await expect(lock!.release()).rejects.toThrow();
    expect(await takeTaskLock(work, never)).not.toBeNull();
  });
});
