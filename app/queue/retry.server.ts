import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { readFailedJobs, clearFailedJob, type FailedJob } from "./failed-jobs.server.ts";
import { showRetrying } from "./progress.server.ts";
import { progressOf, progressTasks, shownTasks, type ProgressTask } from "./progress.ts";
import { enqueue } from "./queue.server.ts";
import type { TaskName } from "./task-names.ts";

/** The name of a task as it came from a form, or null when it names none. */
export function parseProgressTask(value: unknown): ProgressTask | null {
  return progressTasks.find((known) => known === value) ?? null;
}

/**
 * The merchant asks for a task that was given up to be tried again. Nothing happens when it is not
 * failed, so that pressing twice asks once.
 */
export async function retryTask(shop: ShopDomain, task: ProgressTask): Promise<void> {
  await inTransaction(async (client) => {
    if (!(await showRetrying(client, shop, { task }))) return;
    await clearFailedJob(client, { shop, task: shownTasks[task] });
    await enqueue(shownTasks[task], { shop }, { client, soon: true });
  });
}

/**
 * Whoever runs the app asks for parked jobs to be tried again. Each is asked for once, however often
 * this is done: a job that waits is no longer parked, and every task may be run at any time.
 *
 * @returns those that were asked for
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
