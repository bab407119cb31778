import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { clearFailedJob, type FailedJob, readFailedJobs } from "./failed-jobs.server.ts";
import { showRetrying } from "./progress.server.ts";
import { progressOf, type ProgressTask, progressTasks, shownTasks } from "./progress.ts";
import { enqueue } from "./queue.server.ts";
import type { TaskName } from "./task-names.ts";

/** Parses the name of a task from a form; null when unknown. */
export function parseProgressTask(value: unknown): ProgressTask | null {
  return progressTasks.find((known) => known === value) ?? null;
}

/**
 * Enqueues a failed task again for the merchant. Does nothing when the task is not failed, so that
 * a double click enqueues it once.
 */
export async function retryTask(shop: ShopDomain, task: ProgressTask): Promise<void> {
  await inTransaction(async (client) => {
    if (!(await showRetrying(client, shop, { task }))) return;
    await clearFailedJob(client, { shop, task: shownTasks[task] });
    await enqueue(shownTasks[task], { shop }, { client, soon: true });
  });
}

/**
 * Enqueues failed jobs again for the operator. A job that waits is no longer failed, so repeating
 * this enqueues each once.
 *
 * @returns the jobs enqueued
 */
export async function retryFailedJobs(only: {
  shop?: ShopDomain | undefined;
  task?: TaskName | undefined;
}): Promise<FailedJob[]> {
  const asked: FailedJob[] = [];
  for (const job of await readFailedJobs(only)) {
    const { shop, task } = job;
    const found = await inTransaction(async (client) => {
      if (!(await clearFailedJob(client, { shop, task }))) return false;
      const shown = progressOf(task);
      if (shown !== null) await showRetrying(client, shop, { task: shown });
      await enqueue(task, { shop }, { client, soon: true });
      return true;
    });
    if (found) asked.push(job);
  }
  return asked;
}
