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

/** A job between being handed out and being locked is not abandoned. */
const GRACE_SECONDS = 3;
const UNIQUE_VIOLATION = "23505";
/** A job that was handed out so often and never ended takes its workers with it. */
const MOST_HANDED_OUT = 20;

/**
 * Puts an interrupted job back at once, without backoff: an interruption is no failure. It counts as an
 * attempt. Does nothing when the job is no longer this attempt's.
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
    // The task was asked for at this very moment: that job does the work of both.
    await boss.cancel(name, [{ id, retryCount }]);
  }
}

/** Puts a job that failed back, to be tried again later. @param output what the queue keeps of it */
export async function retryLater(boss: PgBoss, attempt: Attempt, output: object): Promise<void> {
  await inTransaction(async (client) => {
    if (!(await takeWaitingPlace(client, attempt))) return;
    await boss.fail(attempt.name, attempt, output, { db: queueDatabase(client) });
  });
}

/**
 * Requeues the jobs of dead workers: those that are active, but whose task lock is free. One that kills
 * its worker each time fails for good in the end.
 *
 * @returns how many
 */
export async function requeueAbandoned(boss: PgBoss): Promise<number> {
  const active = await activeJobs(taskNames, GRACE_SECONDS);
  let count = 0;
  for (const { name, id, shop, retryCount } of active) {
    const lock = await tryTaskLock({ name, shop: shopDomain(shop) });
    if (lock === null) continue;
    try {
      if (retryCount >= MOST_HANDED_OUT) {
        await boss.cancel(name, [{ id, retryCount }]);
        const job = { shop: shopDomain(shop), task: name, attempts: retryCount + 1 };
        await recordFailedJob({ ...job, errorCode: "worker-lost" });
        await showFailure({ ...job, errorCode: "unknown" });
      } else await requeue(boss, { name, id, retryCount });
      log.warn({ task: name, shop, job: id }, "took up the work of a worker that is gone");
      count += 1;
    } finally {
      await lock.release();
    }
  }
  return count;
}
