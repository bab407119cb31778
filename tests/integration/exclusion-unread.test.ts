import type { JobWithMetadata, PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueue, startQueue, stopQueue, type TaskData } from "#app/queue/queue.server.ts";
import {
  chooseExclusionTag,
  readExclusionView,
  readTaggedExclusionsOfToday,
} from "#app/scoring/exclusion/exclusion-tag.server.ts";
import { enqueueExclusionReading } from "#app/scoring/run/enqueue-due.server.ts";
import { runTask, type Task } from "#app/worker/run-task.server.ts";

const shop = shopDomain("one.myshopify.com");
const name = "scoring.exclude";
let boss: PgBoss;

/** Fetches the waiting job and runs it like a worker. */
async function work(run: Task["run"]): Promise<void> {
  const [job] = await boss.fetch<TaskData>(name, { includeMetadata: true });
  const fetched = job! as JobWithMetadata<TaskData>;
  const stopping = new AbortController().signal;
  await runTask({ boss, name, task: { run }, job: fetched, stopping });
  // The queue completes what its handler has processed.
  if ((await boss.getJobById(name, fetched.id))?.state === "active") {
    await boss.complete(name, fetched.id);
  }
}

const failing = (retryable: boolean) => () =>
  Promise.reject(new AppError("shopify-unreachable", "no answer", { retryable }));

async function waiting(): Promise<number | null> {
  const { rowCount } = await pool.query(
    "select 1 from pgboss.job where name = $1 and state = 'created'",
    [name],
  );
  return rowCount;
}

beforeAll(async () => {
  boss = await startQueue({ supervise: false });
});
beforeEach(async () => {
  await pool.query("truncate shops, sessions, parked_jobs, excluded_customers");
  await pool.query("delete from pgboss.job");
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'UTC', true)`,
    [shop],
  );
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await stopQueue();
  await closeDatabase();
});

describe("a reading of the exclusion tag that fails", () => {
  it("is shown with its reason until the retry", async () => {
    await chooseExclusionTag(shop, "no scores");
    expect(await readExclusionView(shop)).toMatchObject({ readAt: null, failed: null });
    await work(failing(true));
    const { failed } = await readExclusionView(shop);
    expect(failed?.code).toBe("shopify-unreachable");
    expect(Date.parse(failed?.nextAt ?? "")).toBeGreaterThan(Date.now());
    await enqueue(name, { shop }, { soon: true });
    expect((await readExclusionView(shop)).failed).toBeNull();
  });

  it("is enqueued again from the time shown, after it has failed", async () => {
    await chooseExclusionTag(shop, "no scores");
    await work(failing(false));
    const { rows } = await pool.query<{ at: Date }>("select ask_again_at as at from parked_jobs");
    expect((await readExclusionView(shop)).failed).toEqual({
      code: "shopify-unreachable",
      nextAt: rows[0]?.at.toISOString(),
    });
    await enqueueExclusionReading();
    expect(await waiting()).toBe(0);
    await pool.query("update parked_jobs set ask_again_at = now() - interval '1 second'");
    await enqueueExclusionReading();
    await enqueueExclusionReading();
    expect(await waiting()).toBe(1);
    await work(() => Promise.resolve());
    expect(await readExclusionView(shop)).toMatchObject({ failed: null });
  });

  it("is not shown for another tag that is chosen then", async () => {
    await chooseExclusionTag(shop, "no scores");
    await work(failing(false));
    await chooseExclusionTag(shop, "nobody");
    await work(() => Promise.resolve());
    expect((await readExclusionView(shop)).failed).toBeNull();
  });

  it("is retried before the next day when it was the nightly one", async () => {
    await pool.query(
      "update shops set exclusion_tag = 'no scores', exclusion_read_at = now() - interval '2 days'",
    );
    await readTaggedExclusionsOfToday(shop);
    expect(await waiting()).toBe(1);
  });
});
