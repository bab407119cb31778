import pg from "pg";
import type { PgBoss } from "pg-boss";

import { inTransaction } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { recordFailedJob, showFailure } from "#app/queue/failed-jobs.server.ts";
import { activeJobs, type Attempt, takeWaitingPlace } from "#app/queue/job-table.server.ts";
import { queueDatabase } from "#app/queue/queue.server.ts";
import { tryTaskLock } from "#app/queue/task-lock.server.ts";
import { taskNames } from "#app/queue/task-names.ts";

/** A job that has just started may not have its lock yet. */
const GRACE_SECONDS = 3;
const UNIQUE_VIOLATION = "23505";
/** A job that was interrupted this often is assumed to kill its workers. */
const MAX_ATTEMPTS = 20;

/**
 * Puts an interrupted job back at once, without backoff: an interruption is no failure. It counts
 * as an attempt. Does nothing when the job is no longer in this attempt.
 */
export async function requeue(boss: PgBoss, attempt: Attempt): Promise<void> {
  const { name, id, retryCount } = attempt;
  try {
    await inTransaction(async (client) => {
      if (!(await takeWaitingPlace(client, attempt))) return;
      const db = queueDatabase(client);
      await boss.cancel(name, [{ id, retryCount }], { db });
      await boss.resume(name, id, { db });
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== UNIQUE_VIOLATION) throw error;
    // The task was enqueued concurrently: that job does the work of both.
    await boss.cancel(name, [{ id, retryCount }]);
  }
}

/**
 * Puts a failed job back for a retry after a backoff.
 * @param output the error to store with the job
 */
export async function retryLater(boss: PgBoss, attempt: Attempt, output: object): Promise<void> {
  await inTransaction(async (client) => {
    if (!(await takeWaitingPlace(client, attempt))) return;
    await boss.fail(attempt.name, attempt, output, { db: queueDatabase(client) });
  });
}

/**
 * Requeues the jobs of dead workers: those that are active while their task lock is free. A job
 * that keeps killing its worker becomes a failed job.
 *
 * @returns how many jobs were handled
 */
export async function requeueAbandoned(boss: PgBoss): Promise<number> {
  const active = await activeJobs(taskNames, GRACE_SECONDS);
  let count = 0;
  for (const { name, id, shop, retryCount } of active) {
    const lock = await tryTaskLock({ name, shop: shopDomain(shop) });
    if (lock === null) continue;
    try {
      if (retryCount >= MAX_ATTEMPTS) {
        await boss.cancel(name, [{ id, retryCount }]);
        const job = { shop: shopDomain(shop), task: name, attempts: retryCount + 1 };
        await recordFailedJob({ ...job, errorCode: "worker-lost" });
        await showFailure({ ...job, errorCode: "unknown" });
      } else await requeue(boss, { name, id, retryCount });
      log.warn({ task: name, shop, job: id }, "requeued the job of a dead worker");
      count += 1;
    } finally {
      await lock.release();
    }
  }
  return count;
}
