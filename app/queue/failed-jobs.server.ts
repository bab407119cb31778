import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { noJob } from "./job-table.server.ts";
import { readProgress, setProgress } from "./progress.server.ts";
import { progressOf } from "./progress.ts";
import type { TaskName } from "./task-names.ts";

/** A failed job: a task of a shop that was given up and has not succeeded since. */
export type FailedJob = {
  shop: ShopDomain;
  task: TaskName;
  errorCode: string;
  attempts: number;
  timesParked: number;
  parkedAt: Date;
  /** Before this time only a person can enqueue the task. */
  askAgainAt: Date;
};

type FailedTask = { shop: ShopDomain; task: TaskName; errorCode: string; attempts: number };

/** Records a failed job; does nothing for a shop that has left. */
export async function recordFailedJob({
  shop,
  task,
  errorCode,
  attempts,
}: FailedTask): Promise<void> {
  await inTransaction(async (client) => {
    const { rows } = await client.query<{ times_parked: number }>(
      `insert into parked_jobs as p (shop, task, error_code, attempts, ask_again_at)
       select shop, $2, $3, $4, now() from shops where shop = $1 and uninstalled_at is null
       on conflict (shop, task) do update set
         error_code = excluded.error_code, attempts = excluded.attempts, parked_at = now(),
         times_parked = p.times_parked + 1
       returning times_parked`,
      [shop, task, errorCode, attempts],
    );
    const times = rows[0]?.times_parked;
    if (times === undefined) return;
    await client.query(
      `update parked_jobs set ask_again_at = now() + make_interval(mins => $3)
        where shop = $1 and task = $2`,
      [shop, task, backoffMinutes(times)],
    );
  });
}

/**
 * Deletes the failed job, after the task succeeded or a person enqueued it.
 * @returns whether there was one
 */
export async function clearFailedJob(
  client: pg.Pool | pg.PoolClient,
  { shop, task }: { shop: ShopDomain; task: TaskName },
): Promise<boolean> {
  const { rowCount } = await client.query("delete from parked_jobs where shop = $1 and task = $2", [
    shop,
    task,
  ]);
  return rowCount !== 0;
}

/**
 * SQL condition for enqueuing by time or webhook: the task has no failed job, or its backoff is
 * over.
 *
 * @param shopColumn an SQL expression
 */
export function notBackingOff(task: TaskName, shopColumn: string): string {
  return `not exists (
    select 1 from parked_jobs parked
     where parked.shop = ${shopColumn} and parked.task = '${task}' and parked.ask_again_at > now())`;
}

/** SQL condition: the task is neither queued nor backing off. */
export function mayEnqueue(task: TaskName, shopColumn: string): string {
  return `${notBackingOff(task, shopColumn)} and ${noJob(task, shopColumn)}`;
}

/** Failed jobs, oldest first; optionally of one shop or task only. */
export async function readFailedJobs(
  only: { shop?: ShopDomain | undefined; task?: TaskName | undefined } = {},
): Promise<FailedJob[]> {
  const { rows } = await pool.query<FailedJob>(
    `select p.shop, p.task, p.error_code as "errorCode", p.attempts, p.times_parked as "timesParked",
            p.parked_at as "parkedAt", p.ask_again_at as "askAgainAt"
       from parked_jobs p join shops s using (shop)
      where s.uninstalled_at is null
        and ($1::text is null or p.shop = $1) and ($2::text is null or p.task = $2)
      order by p.parked_at, p.shop, p.task`,
    [only.shop ?? null, only.task ?? null],
  );
  return rows;
}

/** Records a failed job, and shows it to the merchant if its task has a progress. */
export async function giveUp(givenUp: FailedTask): Promise<void> {
  await recordFailedJob(givenUp);
  await showFailure(givenUp);
}

/** Shows a task as failed, keeping the progress made. */
export async function showFailure({ shop, task, errorCode }: FailedTask): Promise<void> {
  const shown = progressOf(task);
  if (shown === null) return;
  const before = (await readProgress(shop)).find((each) => each.task === shown);
  const { done = 0, total = null } = before ?? {};
  await setProgress(shop, shown, { state: "failed", done, total, errorCode });
}

const FIRST_MINUTES = 10;
const GROWTH = 3;
const MAX_MINUTES = 24 * 60;

/**
 * The backoff after a failed job: 10 minutes, half an hour, an hour and a half … a day.
 *
 * @param timesParked failures in a row, including this one: from 1
 */
export function backoffMinutes(timesParked: number): number {
  return Math.min(MAX_MINUTES, FIRST_MINUTES * GROWTH ** (timesParked - 1));
}
