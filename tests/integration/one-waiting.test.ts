import pg from "pg";
import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startCleanUp } from "#app/campaigns/clean-up.server.ts";
import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueueReconciliation } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import { readFailedJobs, recordFailedJob } from "#app/queue/failed-jobs.server.ts";
import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { enqueue, startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { retryFailedJobs, retryTask } from "#app/queue/retry.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { chooseExclusionTag } from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { requeue, requeueAbandoned } from "#app/worker/requeue.server.ts";
import type { Task } from "#app/worker/run-task.server.ts";
import { agreeToWriting } from "#app/writeback/writing-view.server.ts";

import { meetBefore } from "../setup/meeting.ts";
import { Hand, openJobs } from "./open-jobs.ts";

const shop = shopDomain("one.myshopify.com");
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
  boss = await startQueue({ supervise: false });
  hand = new Hand(boss);
});
beforeEach(async () => {
  await pool.query(
    `truncate shops, order_imports, order_checks, progress, parked_jobs, webhook_inbox, clean_ups`,
  );
  await pool.query("delete from pgboss.job");
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await stopQueue();
  await closeDatabase();
});

describe("a task that waits for a retry", () => {
  beforeEach(async () => {
    await install();
    await enqueue("orders.follow", { shop });
    await hand.work("orders.follow", broken);
  });
  const waits = { state: "retry", attempts: 0, later: true };

  it("is not enqueued a second time, by the queue or by webhooks, and keeps waiting", async () => {
    const webhook = { topic: "orders/create", triggeredAt: null, resourceId: "1", updatedAt: null };
    expect(await enqueue("orders.follow", { shop })).toBeNull();
    await inTransaction((client) => enqueue("orders.follow", { shop }, { client }));
    await enqueueThroughInbox("orders.follow", { shop, webhookId: "w", ...webhook });
    expect(await openJobs("orders.follow")).toMatchObject([waits]);
    expect((await pool.query("select 1 from webhook_inbox")).rowCount).toBe(1);
  });

  it("is retried at once when a person requests it", async () => {
    expect(await enqueue("orders.follow", { shop }, { soon: true })).toBeNull();
    expect(await openJobs("orders.follow")).toMatchObject([{ ...waits, later: false }]);
  });
});

describe("a merchant who presses a button", () => {
  const presses: [TaskName, () => Promise<unknown>][] = [
    ["scoring.run", () => retryTask(shop, "score")],
    ["scoring.run", () => retryFailedJobs({})],
    ["orders.reconcile", () => enqueueReconciliation(shop)],
    ["writeback.push", () => agreeToWriting(shop)],
    ["writeback.cleanup", () => startCleanUp(shop)],
    ["scoring.exclude", () => chooseExclusionTag(shop, "staff")],
  ];

  it.each(presses)("does not wait for the next retry of %s", async (name, press) => {
    await install();
    await enqueue(name, { shop });
    await hand.work(name, broken);
    if (name === "scoring.run")
      await recordFailedJob({ shop, task: name, errorCode: "unknown", attempts: 1 });
    expect(await openJobs(name)).toMatchObject([{ state: "retry", later: true }]);
    await press();
    expect(await openJobs(name)).toMatchObject([{ state: "retry", later: false }]);
  });
});

describe("a job that fails or is interrupted while it is enqueued again", () => {
  /** Enqueues while the job runs, like a webhook. */
  const asking = (end: Task["run"]): Task["run"] => {
    return async (...args) => {
      await enqueue("scoring.run", { shop });
      await end(...args);
    };
  };

  it("does the work of both, and keeps its attempts and delay", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    for (let attempts = 0; attempts < 4; attempts += 1) {
      await hand.work("scoring.run", asking(broken));
      expect(await openJobs("scoring.run")).toMatchObject([
        { state: "retry", attempts, later: true },
      ]);
    }
    await hand.work(
      "scoring.run",
      asking(() => Promise.resolve()),
    );
    // Nothing failed: the job enqueued meanwhile still has to run.
    expect(await openJobs("scoring.run")).toMatchObject([{ state: "created", attempts: 0 }]);
  });

  it("is one job together with one enqueued at the moment it fails", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    const failing = meetBefore(/retried_jobs/);
    const worked = hand.work("scoring.run", broken);
    await failing.arrived();
    const asked = enqueue("scoring.run", { shop });
    await asked;
    failing.end();
    await worked;
    expect(await openJobs("scoring.run")).toHaveLength(1);
  });

  it("is requeued once, even if it is enqueued at the same moment", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    const job = await hand.take("scoring.run");
    await enqueue("scoring.run", { shop });
    await requeue(boss, { name: "scoring.run", id: job!.id, retryCount: job!.retryCount });
    expect(await openJobs("scoring.run")).toMatchObject([{ state: "created", attempts: 0 }]);
    const again = await hand.take("scoring.run");
    expect(again).toMatchObject({ id: job!.id, retryCount: 1 });
    const resuming = meetBefore(/set completed_on = null/i);
    const attempt = { name: "scoring.run" as const, id: again!.id, retryCount: again!.retryCount };
    const back = requeue(boss, attempt);
    await resuming.arrived();
    await enqueue("scoring.run", { shop });
    resuming.end();
    await back;
    expect(await openJobs("scoring.run")).toMatchObject([{ state: "created" }]);
  });

  it("stays this attempt's when the database fails during the requeue", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    const job = await hand.take("scoring.run");
    const resuming = meetBefore(/set completed_on = null/i);
    const attempt = { name: "scoring.run" as const, id: job!.id, retryCount: job!.retryCount };
    const failures = [
      new Error("the connection broke"),
      Object.assign(new pg.DatabaseError("the disk is full", 0, "error"), { code: "53100" }),
    ];
    for (const [i, failure] of failures.entries()) {
      const back = requeue(boss, attempt);
      await resuming.arrived(i + 1);
      resuming.fail(failure);
      await expect(back).rejects.toBe(failure);
      expect(await openJobs("scoring.run")).toMatchObject([{ state: "active" }]);
    }
  });

  it("is not changed by an attempt that no longer owns it", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    const job = await hand.take("scoring.run");
    await enqueue("scoring.run", { shop });
    await requeue(boss, { name: "scoring.run", id: job!.id, retryCount: job!.retryCount + 1 });
    const states = (await openJobs("scoring.run")).map(({ state }) => state);
    expect(states).toEqual(["created", "active"]);
  });

  it("becomes a failed job when it kills worker after worker", async () => {
    await install();
    await enqueue("scoring.run", { shop });
    for (let deaths = 0; deaths <= 20; deaths += 1) {
      await hand.take("scoring.run");
      await enqueue("scoring.run", { shop });
      await pool.query("update pgboss.job set started_on = now() - interval '1 minute'");
      await requeueAbandoned(boss);
    }
    expect(await readFailedJobs()).toMatchObject([{ errorCode: "worker-lost", attempts: 21 }]);
  });
});
