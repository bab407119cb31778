import type { JobWithMetadata, PgBoss } from "pg-boss";

import { pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { loggedError } from "#app/lib/log-error.ts";
import { log, logging } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";

import { deferWithoutAccess } from "#app/shop/lost-access.server.ts";
import { giveUp, showFailure, clearFailedJob } from "#app/queue/failed-jobs.server.ts";
import { isActive } from "#app/queue/job-table.server.ts";
import { alwaysPresent, watchPresence, type Presence } from "./presence.server.ts";
import { requeue, retryLater } from "./requeue.server.ts";
import type { TaskData } from "#app/queue/queue.server.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import { takeTaskLock } from "#app/queue/task-lock.server.ts";

export type Task = {
  /**
   * Does the work, or goes on with it: it may have been interrupted at any point before.
   *
   * @param signal aborted when the worker is to stop; the work stops at its next checkpoint
   */
  run: (shop: ShopDomain, signal: AbortSignal) => Promise<unknown>;
  /** Also runs for a shop that has removed the app: to erase what is left of it. */
  afterUninstall?: true;
  /** Is not begun while Shopify does not accept our token, but when it does again. */
  needsAccess?: true;
};

export type TaskJob = {
  boss: PgBoss;
  name: TaskName;
  task: Task;
  job: JobWithMetadata<TaskData>;
  /** Aborted when the worker is to stop. */
  stopping: AbortSignal;
};

type Outcome = "done" | "interrupted" | "again" | "parked" | "stopped" | "dropped";

/**
 * Does one job under the lock of its shop and task; every line logged meanwhile says for which. How
 * it ended the queue is told under the lock: a job that is handed out and not locked is abandoned.
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
    // While we waited for the lock, another worker may have been given this job.
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
    // What the queue keeps of it is what the log keeps.
    if (outcome === "again") await retryLater(boss, attempt, loggedError(error));
    end(outcome);
  } finally {
    presence?.release();
    await lock.release().catch(() => undefined);
  }
}

/** The app was removed: nothing more is done for the shop, and nothing is tried again. */
function drop(end: (outcome: Outcome) => void): void {
  end("dropped");
  log.info("task dropped: the app was removed");
}

/** From when the job could have begun; one that is tried again waited since its last attempt. */
function waitedSeconds({ startAfter, startedOn }: JobWithMetadata<TaskData>): number {
  return Math.max(0, (startedOn.getTime() - startAfter.getTime()) / 1000);
}

/** @returns whether to try again, or what has been seen to instead */
async function handleFailure({ name, job }: TaskJob, error: unknown): Promise<Outcome> {
  const { shop } = job.data;
  const code = error instanceof AppError ? error.code : "unknown";
  const unauthorized = code === "shopify-unauthorized";
  if (unauthorized && (await deferWithoutAccess(shop, name))) return "stopped";
  // Unauthorized and not stopped: access was lost and is back already.
  const retryable = unauthorized || !(error instanceof AppError) || error.retryable;
  const again = retryable && job.retryCount < job.retryLimit;
  const attempts = job.retryCount + 1;
  log.error({ code, attempt: attempts, again, err: error }, "task failed");
  const failure = { shop, task: name, errorCode: code, attempts };
  if (!again) await giveUp(failure);
  // What Shopify will get over by itself is not shown to the merchant while we are trying.
  else if (code === "unknown") await showFailure(failure);
  return again ? "again" : "parked";
}
