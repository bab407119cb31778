import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import pg from "pg";
import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runImport } from "#app/orders/import/import-orders.server.ts";
import { runShopFollow } from "#app/orders/webhooks/follow-shop.server.ts";
import { ensureOneWaitingIndex } from "#app/queue/one-waiting.server.ts";
import { enqueue, startQueue, stopQueue } from "#app/queue/queue.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";

import { meetBefore, untilBlocked } from "../setup/meeting.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { Hand, openJobs } from "./open-jobs.ts";
import { line, shopWithExport } from "./orders-export.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("one.myshopify.com");
const fake = new FakeShopify();
let boss: PgBoss;
let hand: Hand;

const broken = () => Promise.reject(new Error("the disk is full"));

async function install(): Promise<void> {
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'GBP', 'Europe/London', true)`,
    [shop],
  );
}

beforeAll(async () => {
  await fake.start();
  boss = await startQueue({ supervise: false });
  hand = new Hand(boss);
});
beforeEach(async () => {
  fake.reset();
  await pool.query(
    `truncate shops, order_imports, order_checks, progress, parked_jobs, webhook_inbox, orders, sessions`,
  );
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("enqueueing in a transaction", () => {
  it("uses the transaction's own connection, not a second one", async () => {
    const second = inTransaction(() => pool.query("select 1"));
    await expect(second).rejects.toThrow("a transaction asks for a second connection");
    const viaPrisma = inTransaction(async () => void (await prisma.shop.count()));
    await expect(viaPrisma).rejects.toThrow("second connection");
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("keeps a waiting job from starting before the transaction has ended", async () => {
    await enqueue("scoring.run", { shop });
    await inTransaction(async (client) => {
      expect(await enqueue("scoring.run", { shop }, { client })).toBeNull();
      expect(await hand.take("scoring.run")).toBeUndefined();
    });
    expect(await hand.take("scoring.run")).toBeDefined();
  });

  it("creates another job when the waiting one has just started", async () => {
    await enqueue("scoring.run", { shop });
    const held = meetBefore(/for share/);
    const asked = inTransaction((client) => enqueue("scoring.run", { shop }, { client }));
    await held.arrived();
    expect(await hand.take("scoring.run")).toBeDefined();
    held.end();
    expect(await asked).toEqual(expect.any(String));
    const states = (await openJobs("scoring.run")).map(({ state }) => state);
    expect(states).toEqual(["created", "active"]);
  });

  it("does not deadlock when two transactions enqueue two tasks in different orders", async () => {
    await enqueue("scoring.run", { shop });
    await enqueue("orders.follow", { shop });
    const both = async (names: TaskName[]) =>
      inTransaction(async (client) => {
        for (const name of names) await enqueue(name, { shop }, { client });
      });
    const held = meetBefore(/^commit/);
    const asked = [both(["scoring.run", "orders.follow"]), both(["orders.follow", "scoring.run"])];
    await held.arrived(2);
    held.end();
    await Promise.all(asked);
  });
});

describe("many processes that enqueue at the same time", () => {
  it("create one job, even while it keeps failing", async () => {
    const asking = `
      const { enqueue, stopQueue } = await import("#app/queue/queue.server.ts");
      const { closeDatabase } = await import("#app/lib/db.server.ts");
      await enqueue("orders.import", { shop: "${shop}" });
      process.stdout.write("ready");
      await new Promise((go) => process.stdin.once("data", go));
      for (let times = 0; times < 60; times += 1) {
        await enqueue("orders.import", { shop: "${shop}" }, times % 3 === 0 ? { soon: true } : {});
      }
      await stopQueue();
      await closeDatabase();
      process.exit(0);`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", asking];
    const processes = Array.from({ length: 3 }, () =>
      spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "pipe", "inherit"] }),
    );
    const ended = processes.map((child) => once(child, "exit"));
    await Promise.all(processes.map((child) => once(child.stdout, "data")));
    await install();
    for (const child of processes) child.stdin.write("go");
    let more = true;
    const over = Promise.all(ended).then((codes) => {
      more = false;
      return codes.map(([code]) => code as unknown);
    });
    while (more) {
      // However often it fails here, it does not become a failed job.
      await pool.query("update pgboss.job set retry_count = 0 where state <> 'active'");
      const job = await hand.take("orders.import");
      if (job !== undefined) await hand.do(job, broken);
    }
    expect(await over).toEqual([0, 0, 0]);
    expect(await openJobs("orders.import")).toHaveLength(1);
  });
});

describe("a database with duplicate waiting jobs", () => {
  const pileUp = async () => {
    await pool.query("drop index pgboss.job_one_waiting");
    await pool.query(
      `insert into pgboss.job (name, data, singleton_key, policy, state, start_after, retry_count)
       select task, jsonb_build_object('shop', $1::text), $1, 'short', state::pgboss.job_state,
              now() + minutes * interval '1 minute', minutes
         from (values ('orders.import'), ('scoring.run')) as tasks (task),
              (values ('retry', 3), ('retry', 1), ('created', 2), ('active', 0)) as jobs (state, minutes)`,
      [shop],
    );
  };

  it("keeps the job of each task that would start first, whichever process starts", async () => {
    await pileUp();
    await Promise.all([ensureOneWaitingIndex(), ensureOneWaitingIndex(), ensureOneWaitingIndex()]);
    for (const name of ["orders.import", "scoring.run"] as const) {
      expect(await openJobs(name)).toEqual([
        { name, state: "retry", attempts: 1, later: true },
        { name, state: "active", attempts: 0, later: false },
      ]);
      expect(await enqueue(name, { shop })).toBeNull();
    }
    const { rows } = await pool.query(
      "select count(*)::int as n from pgboss.job where state = 'cancelled' and completed_on <= now()",
    );
    expect(rows).toEqual([{ n: 4 }]);
  });

  it("is repaired when a process of this version starts", async () => {
    await pileUp();
    const started = await startQueue({ supervise: false });
    await started.stop({ graceful: false });
    expect(await openJobs("orders.import")).toHaveLength(2);
  });

  it("reports at once that the database cannot be repaired, and leaves the jobs unchanged", async () => {
    await pileUp();
    const ordering = meetBefore(/create unique index/);
    const failures = [
      Object.assign(new pg.DatabaseError("the disk is full", 0, "error"), { code: "53100" }),
      Object.assign(new Error("not of the database"), { code: "55P03" }),
    ];
    for (const [i, failure] of failures.entries()) {
      const kept = ensureOneWaitingIndex();
      await ordering.arrived(i + 1);
      ordering.fail(failure);
      await expect(kept).rejects.toBe(failure);
      expect(await openJobs("orders.import")).toHaveLength(4);
    }
    ordering.end();
    await ensureOneWaitingIndex();
    expect(await openJobs("orders.import")).toHaveLength(2);
  });

  it("accepts jobs while the repair waits for a long transaction", async () => {
    // A process creates the index itself before it enqueues for the first time.
    await enqueue("orders.reconcile", { shop });
    await pileUp();
    const long = await pool.connect();
    try {
      await long.query("begin");
      await long.query("insert into pgboss.job (name) values ('orders.import')");
      const kept = ensureOneWaitingIndex();
      await untilBlocked();
      const began = Date.now();
      expect(await enqueue("orders.follow", { shop })).toEqual(expect.any(String));
      expect(Date.now() - began).toBeLessThan(4_000);
      await long.query("rollback");
      await kept;
    } finally {
      // Left open, it would block all following tests.
      long.release(true);
    }
    expect(await openJobs("orders.import")).toHaveLength(2);
  });
});

describe("opening the app", () => {
  const imports = async () =>
    (await pool.query("select state from order_imports order by started_at")).rows;

  it("enqueues one import when it is first opened in eight windows at once", async () => {
    shopWithExport(fake, [line({ id: 1 })]);
    const known = meetBefore(/^select full_history from shops/);
    const opened = Array.from({ length: 8 }, () => ensureInstalled({ shop }));
    await known.arrived(8);
    known.release(1);
    await Promise.race(opened);
    const job = await hand.take("orders.import");
    known.end();
    await Promise.all(opened);
    expect(await openJobs("orders.import")).toMatchObject([{ state: "active" }]);
    await hand.do(job!, runImport);
    expect(await openJobs("orders.import")).toEqual([]);
    expect(await imports()).toEqual([{ state: "done" }]);
  });

  it("does not block the process when the queue is new and there are more requests than connections", async () => {
    shopWithExport(fake, []);
    await stopQueue();
    const often = 2 * env.DATABASE_CONNECTIONS;
    await Promise.all(Array.from({ length: often }, () => ensureInstalled({ shop })));
    expect(await openJobs("orders.import")).toHaveLength(1);
  });

  it("enqueues one import when all orders are granted and it is opened twice at once", async () => {
    await install();
    await pool.query("update shops set full_history = false");
    await pool.query("insert into progress (shop, task, state) values ($1, 'import', 'done')", [
      shop,
    ]);
    shopWithExport(fake, []);
    const kept = meetBefore(/^insert into shops/);
    const scope = "read_orders,read_all_orders";
    const opened = [ensureInstalled({ shop, scope }), ensureInstalled({ shop, scope })];
    await kept.arrived();
    await untilBlocked();
    kept.release(1);
    await Promise.race(opened);
    expect(await hand.take("orders.import")).toBeDefined();
    await kept.arrived(2);
    kept.end();
    await Promise.all(opened);
    expect(await openJobs("orders.import")).toMatchObject([{ state: "active" }]);
  });

  it("retries one import, however often the app is opened while it fails", async () => {
    shopWithExport(fake, [line({ id: 1 })]);
    await ensureInstalled({ shop });
    for (let opening = 0; opening < 7; opening += 1) {
      await hand.work("orders.import", broken);
      await ensureInstalled({ shop });
      expect(await openJobs("orders.import")).toMatchObject([
        { state: "retry", attempts: opening, later: false },
      ]);
    }
    await hand.work("orders.import", runImport);
    expect(await openJobs("orders.import")).toEqual([]);
    expect(await imports()).toEqual([{ state: "done" }]);
    expect(fake.count("EncoreBulkQuery")).toBe(1);
  });

  it("does not lead to a second import when a webhook reports the grant as well", async () => {
    await install();
    shopWithExport(fake, []);
    await pool.query(
      `insert into order_imports (shop, id, state, full_history, started_at)
       values ($1, 'a', 'done', false, now() - interval '1 day'), ($1, 'b', $2, true, now())`,
      [shop, "running"],
    );
    await runShopFollow(shop);
    expect(await openJobs("orders.import")).toEqual([]);
    await pool.query("update order_imports set state = 'failed' where id = 'b'");
    await runShopFollow(shop);
    expect(await openJobs("orders.import")).toHaveLength(1);
  });
});
