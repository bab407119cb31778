import type { JobWithMetadata, PgBoss } from "pg-boss";

import { pool } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";
import { log } from "#app/log.server.ts";

import { readProgress, setProgress, type ProgressTask } from "./progress.server.ts";
import { putBack } from "./put-back.server.ts";
import type { TaskData, TaskName } from "./queue.server.ts";
import { takeTaskLock } from "./task-lock.server.ts";

export type Task = {
  /** Under which name the merchant sees it; work that is done in no time is not shown. */
  progress?: ProgressTask;
  /**
   * Does the work, or goes on with it: it may have been interrupted at any point before.
   *
   * @param signal aborted when the worker is to stop; the work stops at its next checkpoint
   */
  run: (shop: ShopDomain, signal: AbortSignal) => Promise<unknown>;
};

export type TaskJob = {
  boss: PgBoss;
  name: TaskName;
  task: Task;
  job: JobWithMetadata<TaskData>;
  /** Aborted when the worker is to stop. */
  stopping: AbortSignal;
};

/**
 * Does one job under the lock of its shop and task. Returning means that the job is done or given
 * up; throwing means that pg-boss tries it again later.
 */
export async function runTask({ boss, name, task, job, stopping }: TaskJob): Promise<void> {
  const { shop } = job.data;
  const attempt = { name, id: job.id, retryCount: job.retryCount };
  const lock = await takeTaskLock({ name, shop }, stopping).catch((error: unknown) => {
    if (!stopping.aborted) throw error;
  });
  if (lock === undefined) return putBack(boss, attempt);
  const signal = AbortSignal.any([stopping, lock.lost]);
  const startedAt = Date.now();
  try {
    // While we waited for the lock, another worker may have been given this job.
    if (!(await isStillOurs(attempt))) return;
    await task.run(shop, signal);
    log.info({ task: name, shop, milliseconds: Date.now() - startedAt }, "task done");
  } catch (error) {
    if (signal.aborted) {
      log.info({ task: name, shop }, "task interrupted");
      return await putBack(boss, attempt);
    }
    await handleFailure({ boss, name, task, job, stopping }, error);
  } finally {
    await lock.release().catch(() => undefined);
  }
}

async function isStillOurs(attempt: { id: string; retryCount: number }): Promise<boolean> {
  const result = await pool.query(
    "select 1 from pgboss.job where id = $1 and retry_count = $2 and state = 'active'",
    [attempt.id, attempt.retryCount],
  );
  return result.rowCount !== 0;
}

/** @throws the error again when another attempt may help */
async function handleFailure({ name, task, job }: TaskJob, error: unknown): Promise<void> {
  const { shop } = job.data;
  const code = error instanceof AppError ? error.code : "unknown";
  const retryable = error instanceof AppError ? error.retryable : true;
  const again = retryable && job.retryCount < job.retryLimit;
  log.error(
    { task: name, shop, code, attempt: job.retryCount + 1, again, err: error },
    "task failed",
  );
  // What Shopify will get over by itself is not shown to the merchant while we are trying.
  if (task.progress !== undefined && (!again || code === "unknown")) {
    const before = (await readProgress(shop)).find((each) => each.task === task.progress);
    await setProgress(shop, task.progress, {
      state: "failed",
      done: before?.done ?? 0,
      total: before?.total ?? null,
      errorCode: code,
    });
  }
  if (again) throw error;
}
