// For operators: failed jobs.
//   list                             lists all
//   retry [--shop X] [--task T]      enqueues them again: all, or those selected
import "#runtime/fit-node.mjs";

import { parseArgs } from "node:util";

import { closeDatabase } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { type FailedJob, readFailedJobs } from "#app/queue/failed-jobs.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { retryFailedJobs } from "#app/queue/retry.server.ts";
import { taskNames } from "#app/queue/task-names.ts";

const USAGE = `usage: npm run jobs -- list|retry [--shop name.myshopify.com] [--task ${taskNames.join("|")}]`;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function line(job: FailedJob): string {
  const { shop, task, errorCode, attempts, timesParked, parkedAt, askAgainAt } = job;
  return [
    ...[shop, task, errorCode],
    `${attempts} attempts, failed ${timesParked} times, last ${parkedAt.toISOString()}`,
    `next retry from ${askAgainAt.toISOString()}`,
  ].join("  ");
}

function readArguments() {
  try {
    const options = { shop: { type: "string" }, task: { type: "string" } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const task = taskNames.find((name) => name === values.task);
    if (values.task !== undefined && task === undefined) fail(`No task is called ${values.task}`);
    const shop = values.shop === undefined ? undefined : shopDomain(values.shop);
    return { what: positionals.join(" "), only: { shop, task } };
  } catch (error) {
    return fail(error instanceof Error ? error.message : "Invalid arguments");
  }
}

const { what, only } = readArguments();
if (what !== "list" && what !== "retry") fail(`Unknown command "${what}"`);
const jobs = what === "list" ? await readFailedJobs(only) : await retryFailedJobs(only);
for (const job of jobs) console.log(line(job));
console.log(`${jobs.length} ${what === "list" ? "failed" : "enqueued again"}`);
await stopQueue();
await closeDatabase();
