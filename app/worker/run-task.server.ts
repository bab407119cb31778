import type { JobWithMetadata, PgBoss } from "pg-boss";

import { pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log, logging } from "#app/lib/log.server.ts";
import { loggedError } from "#app/lib/log-error.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { clearFailedJob, giveUp, showFailure } from "#app/queue/failed-jobs.server.ts";
import { isActive } from "#app/queue/job-table.server.ts";
import type { TaskData } from "#app/queue/queue.server.ts";
import { takeTaskLock } from "#app/queue/task-lock.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { deferWithoutAccess } from "#app/shop/deferred-tasks.server.ts";

import { alwaysPresent, type Presence, watchPresence } from "./presence.server.ts";
import { requeue, retryLater } from "./requeue.server.ts";

export type Task = {
  /**
   * Does the work, or resumes it after an interruption at any point.
   *
   * @param signal aborts when the task is to stop at its next checkpoint
   */
  run: (shop: ShopDomain, signal: AbortSignal) => Promise<unknown>;
  /** Also runs for a shop that has left. */
  afterUninstall?: true;
  /** Deferred while the shop's access is lost. */
  needsAccess?: true;
};

export type TaskJob = {
  boss: PgBoss;
  name: TaskName;
  task: Task;
  job: JobWithMetadata<TaskData>;
  /** Aborts when the worker stops. */
  stopping: AbortSignal;
};

type Outcome = "done" | "interrupted" | "again" | "parked" | "stopped" | "dropped";

/**
 * Runs one job under its task lock; all log lines meanwhile carry task, shop and job. The job's end
 * is reported to the queue before the lock is released, since an active job without a lock counts
 * as abandoned.
 */
export function runTask(taskJob: TaskJob): Promise<void> {
  const { name, job } = taskJob;
  return logging({ task: name, shop: job.data.shop, job: job.id }, () => runLogged(taskJob));
}

async function runLogged(taskJob: TaskJob): Promise<void> {
  const { boss, name, task, job, stopping } = taskJob;
  const { shop } = job.data;
  const attempt = { name, id: job.id, retryCount: job.retryCount };
  const lock = await takeTaskLock({ name, shop }, stopping).catch((error: unknown) => {
    if (!stopping.aborted) throw error;
  });
  if (lock === undefined) return requeue(boss, attempt);
  const interrupted = AbortSignal.any([stopping, lock.lost]);
  let presence: Presence | null = null;
  const startedAt = Date.now();
  const end = (outcome: Outcome) => {
    metrics.jobSeconds.observe({ task: name, outcome }, (Date.now() - startedAt) / 1000);
  };
  try {
    // Another worker may have got this job while we waited for the lock.
    if (!(await isActive(attempt))) return;
    metrics.jobWaitSeconds.observe({ task: name }, waitedSeconds(job));
    presence = task.afterUninstall === true ? alwaysPresent : await watchPresence(shop);
    if (presence === null) return drop(end);
    if (task.needsAccess === true && (await deferWithoutAccess(shop, name))) return end("stopped");
    await task.run(shop, AbortSignal.any([interrupted, presence.left]));
    await clearFailedJob(pool, { shop, task: name });
    await boss.complete(name, attempt);
    end("done");
    log.info({ milliseconds: Date.now() - startedAt }, "task done");
  } catch (error) {
    if (presence?.left.aborted === true) return drop(end);
    if (interrupted.aborted) {
      end("interrupted");
      log.info("task interrupted");
      return await requeue(boss, attempt);
    }
    const outcome = await handleFailure(taskJob, error);
    // The queue stores no more of an error than the log does.
    if (outcome === "again") await retryLater(boss, attempt, loggedError(error));
    end(outcome);
  } finally {
    presence?.release();
    await lock.release().catch(() => undefined);
  }
}

/** Ends a task of a shop that has left, without a retry. */
function drop(end: (outcome: Outcome) => void): void {
  end("dropped");
  log.info("task dropped: the app was removed");
}

/** Seconds since the job could have started; for a retry, since it was due. */
function waitedSeconds({ startAfter, startedOn }: JobWithMetadata<TaskData>): number {
  return Math.max(0, (startedOn.getTime() - startAfter.getTime()) / 1000);
}

/** Decides whether a failed attempt is retried, deferred or given up. */
async function handleFailure({ name, job }: TaskJob, error: unknown): Promise<Outcome> {
  const { shop } = job.data;
  const code = error instanceof AppError ? error.code : "unknown";
  const unauthorized = code === "shopify-unauthorized";
  if (unauthorized && (await deferWithoutAccess(shop, name))) return "stopped";
  // Unauthorized but not deferred: access was lost and is back already.
  const retryable = unauthorized || !(error instanceof AppError) || error.retryable;
  const again = retryable && job.retryCount < job.retryLimit;
  const attempts = job.retryCount + 1;
  log.error({ code, attempt: attempts, again, err: error }, "task failed");
  const failure = { shop, task: name, errorCode: code, attempts };
  if (!again) await giveUp(failure);
  // Temporary errors of Shopify are not shown to the merchant during retries.
  else if (code === "unknown") await showFailure(failure);
  return again ? "again" : "parked";
}
