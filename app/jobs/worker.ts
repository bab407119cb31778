import { setTimeout as sleep } from "node:timers/promises";

import type { JobWithMetadata } from "pg-boss";

import { closeDatabase } from "#app/db.server.ts";
import { log } from "#app/log.server.ts";

import { putBackAbandoned } from "./put-back.server.ts";
import { startQueue, stopQueue, taskNames, type TaskData } from "./queue.server.ts";
import { runTask } from "./run-task.server.ts";
import { tasks } from "./tasks.server.ts";

/** How often we look for the work of workers that are gone. */
const LOOK_MS = 2_000;
/** How long running tasks have to reach a checkpoint when the worker is to stop. */
const STOP_MS = 15_000;
const JOBS_PER_TASK = 2;

const stopping = new AbortController();
const running = new Set<Promise<void>>();

const boss = await startQueue({ supervise: true });
await putBackAbandoned(boss);
for (const name of taskNames) {
  await boss.work(
    name,
    {
      includeMetadata: true,
      pollingIntervalSeconds: 0.5,
      localConcurrency: JOBS_PER_TASK,
      groupConcurrency: 1,
    },
    async ([job]: JobWithMetadata<TaskData>[]) => {
      if (job === undefined) return;
      const work = runTask({ boss, name, task: tasks[name], job, stopping: stopping.signal });
      running.add(work);
      await work.finally(() => running.delete(work));
    },
  );
}
log.info({ tasks: taskNames }, "worker ready");
void lookForAbandoned();

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void stop();
  });
}

async function lookForAbandoned(): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      await sleep(LOOK_MS, undefined, { signal: stopping.signal });
      await putBackAbandoned(boss);
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ err: error }, "could not look for abandoned work");
    }
  }
}

/** Tasks stop at their next checkpoint; what they had not finished, another worker takes up. */
async function stop(): Promise<void> {
  log.info("worker stopping");
  for (const name of taskNames) await boss.offWork(name, { wait: false });
  stopping.abort(new Error("the worker is stopping"));
  const settled = await Promise.race([
    Promise.allSettled([...running]).then(() => true),
    sleep(STOP_MS, false),
  ]);
  if (settled) {
    await boss.stop({ graceful: false });
    await stopQueue();
    await closeDatabase();
  }
  process.exit(0);
}
