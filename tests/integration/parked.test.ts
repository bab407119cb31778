import { spawnSync } from "node:child_process";
import path from "node:path";

import type { JobWithMetadata, PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueueUnreadWebhooks } from "#app/orders/webhooks/unread-webhooks.server.ts";
import { backoffMinutes, readFailedJobs, recordFailedJob } from "#app/queue/failed-jobs.server.ts";
import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import { enqueue, startQueue, stopQueue, type TaskData } from "#app/queue/queue.server.ts";
import { retryFailedJobs, retryTask } from "#app/queue/retry.server.ts";
import { enqueueDueScoring } from "#app/scoring/run/enqueue-due.server.ts";
import { requeueAbandoned } from "#app/worker/requeue.server.ts";
import { runTask, type Task } from "#app/worker/run-task.server.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("one.myshopify.com");
const other = shopDomain("two.myshopify.com");
let boss: PgBoss;

const waiting = async () =>
  (
    await pool.query<{ name: string; shop: string }>(
      "select name, data->>'shop' as shop from pgboss.job where state = 'created' order by 1, 2",
    )
  ).rows;

/** Fetches the waiting job and runs it like a worker. */
async function work(run: Task["run"], retryCount = 0): Promise<void> {
  const [job] = await boss.fetch<TaskData>("scoring.run", { includeMetadata: true });
  const fetched = { ...job!, retryCount: job!.retryCount } as JobWithMetadata<TaskData>;
  await pool.query("update pgboss.job set retry_count = $2 where id = $1", [job!.id, retryCount]);
  const stopping = new AbortController().signal;
  const name = "scoring.run";
  await runTask({ boss, name, task: { run }, job: { ...fetched, retryCount }, stopping });
}

const broken = () => Promise.reject(new Error("a bug"));
const forbidden = () =>
  Promise.reject(new AppError("shopify-access-denied", "no", { retryable: false }));

beforeAll(async () => {
  boss = await startQueue({ supervise: false });
});

beforeEach(async () => {
  await pool.query("truncate shops, parked_jobs, progress, webhook_inbox, scoring_runs");
  await pool.query("delete from pgboss.job");
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     select unnest($1::text[]), '1', 'One', 'EUR', 'UTC', true`,
    [[shop, other]],
  );
});

afterAll(async () => {
  await boss.stop({ graceful: false });
  await stopQueue();
  await closeDatabase();
});

describe("a job that keeps failing", () => {
  it("is retried while there are attempts left, and becomes a failed job after the last", async () => {
    await enqueue("scoring.run", { shop });
    await work(broken);
    expect(await readFailedJobs()).toEqual([]);
    const { rows } = await pool.query("select state, output from pgboss.job");
    expect(rows).toMatchObject([{ state: "retry", output: { type: "Error", message: "a bug" } }]);
    await pool.query("delete from pgboss.job");
    await enqueue("scoring.run", { shop });
    await work(broken, 12);
    expect(await readFailedJobs()).toMatchObject([
      { shop, task: "scoring.run", errorCode: "unknown", attempts: 13, timesParked: 1 },
    ]);
    expect(await readProgress(shop)).toMatchObject([{ task: "score", state: "failed" }]);
  });

  it("becomes a failed job at once when waiting does not help, with a longer delay each time", async () => {
    const minutes: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      await enqueue("scoring.run", { shop });
      await work(forbidden);
      const [job] = await readFailedJobs();
      minutes.push(Math.round((Number(job!.askAgainAt) - Number(job!.parkedAt)) / 60_000));
    }
    expect(minutes).toEqual([10, 30, 90]);
    expect(await readFailedJobs()).toMatchObject([{ timesParked: 3 }]);
  });

  it("becomes a failed job when it has killed worker after worker", async () => {
    await enqueue("scoring.run", { shop });
    const [job] = await boss.fetch("scoring.run");
    const started =
      "update pgboss.job set started_on = now() - interval '1 minute', retry_count = $2";
    await pool.query(`${started} where id = $1`, [job!.id, 19]);
    await requeueAbandoned(boss);
    expect(await waiting()).toHaveLength(1);
    const [again] = await boss.fetch("scoring.run");
    await pool.query(`${started} where id = $1`, [again!.id, 20]);
    await requeueAbandoned(boss);
    expect(await waiting()).toEqual([]);
    expect(await readFailedJobs()).toMatchObject([{ errorCode: "worker-lost", attempts: 21 }]);
    expect(await readProgress(shop)).toMatchObject([{ task: "score", errorCode: "unknown" }]);
  });

  it("is removed from the failed jobs when it succeeds, and when the shop has left", async () => {
    await recordFailedJob({ shop, task: "scoring.run", errorCode: "unknown", attempts: 1 });
    await enqueue("scoring.run", { shop });
    await work(() => Promise.resolve());
    expect(await readFailedJobs()).toEqual([]);
    await pool.query("update shops set uninstalled_at = now()");
    await recordFailedJob({ shop, task: "scoring.run", errorCode: "unknown", attempts: 1 });
    expect((await pool.query("select * from parked_jobs")).rows).toEqual([]);
  });
});

describe("a failed job", () => {
  const webhook = { topic: "orders/create", triggeredAt: null, resourceId: "1", updatedAt: null };

  it("is not enqueued by webhooks or scheduled work before its retry is due", async () => {
    await pool.query(
      `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
         horizon_days, gate, basis, input_digest)
       values ($1, 'r', '2020-01-01', false, 'scored', '1', 90, '[]', '{}', '')`,
      [shop],
    );
    await recordFailedJob({ shop, task: "orders.follow", errorCode: "unknown", attempts: 13 });
    await recordFailedJob({ shop, task: "scoring.run", errorCode: "unknown", attempts: 13 });
    await enqueueThroughInbox("orders.follow", { shop, webhookId: "a", ...webhook });
    await enqueueThroughInbox("orders.follow", { shop: other, webhookId: "b", ...webhook });
    await pool.query("update webhook_inbox set received_at = now() - interval '1 hour'");
    await enqueueUnreadWebhooks();
    await enqueueDueScoring();
    expect(await waiting()).toEqual([{ name: "orders.follow", shop: other }]);
    await pool.query("update parked_jobs set ask_again_at = now() - interval '1 second'");
    await enqueueUnreadWebhooks();
    await enqueueDueScoring();
    expect(await waiting()).toEqual([
      { name: "orders.follow", shop },
      { name: "orders.follow", shop: other },
      { name: "scoring.run", shop },
    ]);
  });

  it("is enqueued once when a merchant presses the button", async () => {
    await enqueue("scoring.run", { shop });
    await work(forbidden);
    await retryTask(shop, "score");
    await retryTask(shop, "score");
    expect(await waiting()).toEqual([{ name: "scoring.run", shop }]);
    expect(await readFailedJobs()).toEqual([]);
  });

  it("is enqueued once by the operator, whatever task it is", async () => {
    await enqueue("scoring.run", { shop });
    await work(forbidden);
    await recordFailedJob({ shop, task: "orders.follow", errorCode: "unknown", attempts: 13 });
    await recordFailedJob({
      shop: other,
      task: "orders.follow",
      errorCode: "unknown",
      attempts: 13,
    });
    expect(await retryFailedJobs({ shop, task: "orders.follow" })).toHaveLength(1);
    expect(await waiting()).toEqual([{ name: "orders.follow", shop }]);
    expect(
      await Promise.all([retryFailedJobs({}), retryFailedJobs({})]).then(
        (all) => all.flat().length,
      ),
    ).toBe(2);
    expect(await waiting()).toHaveLength(3);
    expect(await readProgress(shop)).toMatchObject([{ task: "score", state: "waiting" }]);
  });
});

describe("npm run jobs", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/jobs.ts", ...args], {
      cwd: root,
      encoding: "utf8",
    });

  it("lists failed jobs, and enqueues those of one shop again", async () => {
    await recordFailedJob({
      shop,
      task: "orders.follow",
      errorCode: "shopify-unreachable",
      attempts: 13,
    });
    await recordFailedJob({ shop: other, task: "scoring.run", errorCode: "unknown", attempts: 1 });
    const listed = run("list");
    expect(listed.status).toBe(0);
    expect(listed.stdout).toMatch(/one\.myshopify\.com {2}orders\.follow {2}shopify-unreachable/);
    expect(listed.stdout).toMatch(/2 failed/);
    expect(run("retry", "--shop", shop).stdout).toMatch(/1 enqueued again/);
    expect(await waiting()).toEqual([{ name: "orders.follow", shop }]);
    expect(run("list").stdout).toMatch(/1 failed/);
  });

  it("prints its usage for invalid arguments", () => {
    const { status, stderr } = run("retry", "--task", "make.coffee");
    expect(status).toBe(2);
    expect(stderr).toMatch(/No task is called make\.coffee\nusage: npm run jobs/);
  });
});

it("waits longer each time, up to a day", () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(backoffMinutes)).toEqual([10, 30, 90, 270, 810, 1440, 1440]);
});
