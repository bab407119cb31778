import "#runtime/fit-node.mjs";
import "#app/lib/process-log.server.ts";

import { constants, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import type { JobWithMetadata } from "pg-boss";

import { enqueueSegmentChecks } from "#app/campaigns/run-segment-checks.server.ts";
import { keepClockInSync, syncClock } from "#app/lib/clock.server.ts";
import { closeDatabase } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";
import { enqueueDueReconciliations } from "#app/orders/reconcile/enqueue-due.server.ts";
import { enqueueUnreadWebhooks } from "#app/orders/webhooks/unread-webhooks.server.ts";
import {
  enqueueDepartures,
  enqueuePrivacyRequests,
  enqueuePurges,
} from "#app/privacy/enqueue-due.server.ts";
import { lanesOf, prioritiesOf } from "#app/queue/lanes.ts";
import { startQueue, stopQueue, type TaskData } from "#app/queue/queue.server.ts";
import { closeTaskLocks } from "#app/queue/task-lock.server.ts";
import { taskNames } from "#app/queue/task-names.ts";
import {
  enqueueDueScoring,
  enqueueExclusionReading,
  enqueueMarkedRescoring,
} from "#app/scoring/run/enqueue-due.server.ts";
import { nowStopping, openOperationsPort } from "#app/server/operations.server.ts";
import { resumeDeferredTasks } from "#app/shop/deferred-tasks.server.ts";
import { resealTokens } from "#app/shopify/tokens/reseal.server.ts";

import { readGauges } from "./gauges.server.ts";
import { requeueAbandoned } from "./requeue.server.ts";
import { runTask } from "./run-task.server.ts";
import { tasks } from "./tasks.server.ts";

/** How often to look for jobs of dead workers. */
const REQUEUE_MS = 2_000;
/** How often to look for due tasks; more often in a simulation, whose clock may jump. */
const DUE_MS = env.SIMULATED_SHOPIFY_URL === undefined ? 60_000 : 3_000;
/** How long running tasks have to reach a checkpoint when the worker stops. */
const STOP_MS = 15_000;

// On a shared machine the web process goes first: Shopify waits five seconds for the reply to a
// webhook, while a job can start later.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const stopping = new AbortController();
const running = new Set<Promise<void>>();

const operations = await openOperationsPort(env.WORKER_PORT, readGauges);
await syncClock();
void keepClockInSync();
const boss = await startQueue({ supervise: true });
await requeueAbandoned(boss);
await resealOldTokens();
for (const name of taskNames) {
  for (const lane of lanesOf(name)) {
    await boss.work(
      name,
      {
        includeMetadata: true,
        pollingIntervalSeconds: lane.everySeconds,
        localConcurrency: lane.slots,
        groupConcurrency: 1,
        ...prioritiesOf(lane),
      },
      async ([job]: JobWithMetadata<TaskData>[]) => {
        if (job === undefined) return;
        const work = runTask({ boss, name, task: tasks[name], job, stopping: stopping.signal });
        running.add(work);
        await work.finally(() => running.delete(work));
      },
    );
  }
}
log.info({ tasks: taskNames }, "worker ready");
void repeat(REQUEUE_MS, () => requeueAbandoned(boss));
void repeat(DUE_MS, enqueueDueScoring);
void repeat(DUE_MS, enqueueMarkedRescoring);
void repeat(DUE_MS, enqueueExclusionReading);
void repeat(DUE_MS, enqueueUnreadWebhooks);
void repeat(DUE_MS, enqueueDueReconciliations);
void repeat(DUE_MS, enqueuePrivacyRequests);
void repeat(DUE_MS, enqueueDepartures);
void repeat(DUE_MS, enqueuePurges);
void repeat(DUE_MS, enqueueSegmentChecks);
void repeat(DUE_MS, resumeStopped);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void stop();
  });
}

/** Reseals tokens that are plain or sealed with an earlier key. */
async function resealOldTokens(): Promise<void> {
  const result = await resealTokens();
  if (result.kind === "keys-missing") {
    const { keyIds, sessions } = result;
    log.error({ keyIds, sessions }, "sessions need keys that are not in TOKEN_KEYS");
  } else if (result.resealed > 0) log.info(result, "resealed tokens");
}

/** A page resumes its shop's tasks at once; this is for sessions stored without a page. */
function resumeStopped(): Promise<void> {
  return resumeDeferredTasks();
}

/** Repeats a function until the worker stops; an error is logged, and the next call tries again. */
async function repeat(everyMs: number, work: () => Promise<unknown>): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      await sleep(everyMs, undefined, { signal: stopping.signal });
      await work();
    } catch (error) {
      if (!stopping.signal.aborted)
        log.warn({ err: error, work: work.name }, "a periodic task failed");
    }
  }
}

/** Stops tasks at their next checkpoint; another worker resumes them. */
async function stop(): Promise<void> {
  log.info("worker stopping");
  nowStopping();
  for (const name of taskNames) await boss.offWork(name, { wait: false });
  stopping.abort(new Error("the worker is stopping"));
  const settled = await Promise.race([
    Promise.allSettled([...running]).then(() => true),
    sleep(STOP_MS, false),
  ]);
  if (settled) {
    operations?.close();
    await boss.stop({ graceful: false });
    await closeTaskLocks();
    await stopQueue();
    await closeDatabase();
  }
  process.exit(0);
}
