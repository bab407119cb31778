import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { TaskName } from "./task-names.ts";

// All SQL on pg-boss's own tables, except the index in one-waiting.server.ts. The version of
// pg-boss is pinned, and tests compare these statements with pg-boss's own.

type Connection = Pick<pg.ClientBase, "query">;

/** One attempt of a job; `retryCount` distinguishes it from earlier ones. */
export type Attempt = { name: TaskName; id: string; retryCount: number };

/** States of a job that waits for its first or next attempt. */
const WAITING = "state in ('created', 'retry')";

/** Whether pg-boss has created its tables. */
export async function areJobTablesThere(connection: Connection = pool): Promise<boolean> {
  const { rows } = await connection.query<{ there: boolean }>(
    "select to_regclass('pgboss.job') is not null as there",
  );
  return rows[0]?.there === true;
}

/** SQL condition: the shop has no job of the task that is waiting, active or to be retried. */
export function noJob(task: TaskName, shopColumn: string): string {
  return `not exists (
    select 1 from pgboss.job job
     where job.name = '${task}' and job.singleton_key = ${shopColumn}
       and job.state in ('created', 'retry', 'active'))`;
}

/**
 * SQL that inserts jobs like `enqueue` through pg-boss, with the options of the queue. Rows are
 * inserted in order of shop, so that two of these statements do not deadlock.
 *
 * @param shops a relation with a column `shop`, read as `a`; $1 is the task
 */
export function insertJobs(
  shops: string,
  { priority, where }: { priority: string | number; where: string },
): string {
  return `insert into pgboss.job
       (name, data, priority, singleton_key, group_id, policy, expire_seconds, deletion_seconds,
        keep_until, retry_limit, retry_delay, retry_backoff, retry_delay_max)
     select q.name, jsonb_build_object('shop', a.shop), ${priority}, a.shop, a.shop, q.policy,
            q.expire_seconds, q.deletion_seconds,
            now() + make_interval(secs => q.retention_seconds),
            q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max
       from ${shops} a join pgboss.queue q on q.name = $1
      where ${where}
      order by a.shop
     on conflict do nothing`;
}

/**
 * Locks the waiting job so that it starts only after the caller's transaction has ended, and so
 * sees its changes.
 *
 * @param soon makes a job that waits for a retry due now
 * @returns false when no job is waiting any more: it has started, and may not see the changes
 */
export async function holdWaiting(
  connection: Connection,
  { name, shop, soon }: { name: TaskName; shop: ShopDomain; soon: boolean },
): Promise<boolean> {
  const which = `name = $1 and singleton_key = $2 and ${WAITING}`;
  if (soon) {
    await connection.query(
      `update pgboss.job set start_after = now() where ${which} and start_after > now()`,
      [name, shop],
    );
  }
  // Shared, so that two transactions that enqueue the same tasks in another order do not deadlock.
  const { rowCount } = await connection.query(`select 1 from pgboss.job where ${which} for share`, [
    name,
    shop,
  ]);
  return rowCount !== 0;
}

/**
 * Deletes the job that waits for the same task, whose work this attempt's job will do when it is
 * put back. So attempts are counted and spaced however often the task is enqueued meanwhile.
 *
 * @returns false, without a change, when the job is no longer in this attempt
 */
export async function takeWaitingPlace(
  client: pg.PoolClient,
  { name, id, retryCount }: Attempt,
): Promise<boolean> {
  const { rows } = await client.query<{ key: string | null }>(
    `select singleton_key as key from pgboss.job
      where name = $1 and id = $2 and retry_count = $3 and state = 'active' for update`,
    [name, id, retryCount],
  );
  if (rows[0] === undefined) return false;
  await client.query(
    `delete from pgboss.job where name = $1 and singleton_key = $2 and ${WAITING}`,
    [name, rows[0].key],
  );
  return true;
}

/** Whether the job is still active in this attempt. */
export async function isActive({ id, retryCount }: Omit<Attempt, "name">): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select 1 from pgboss.job where id = $1 and retry_count = $2 and state = 'active'",
    [id, retryCount],
  );
  return rowCount !== 0;
}

/** Jobs of these tasks that have been active for longer than this. */
export async function activeJobs(
  tasks: readonly TaskName[],
  olderThanSeconds: number,
): Promise<(Attempt & { shop: string })[]> {
  const { rows } = await pool.query<Attempt & { shop: string }>(
    `select name, id, data->>'shop' as shop, retry_count as "retryCount" from pgboss.job
      where name = any($1) and state = 'active'
        and started_on < now() - make_interval(secs => $2)`,
    [tasks, olderThanSeconds],
  );
  return rows;
}

/**
 * SQL: a row for each active job of the shop ($1), except privacy tasks, that started before a time
 * ($2) plus the margin.
 */
export function activeSince(marginSeconds: number): string {
  return `select 1 from pgboss.job
  where data->>'shop' = $1 and state = 'active' and name not like 'privacy.%'
    and started_on <= $2::timestamptz + make_interval(secs => ${String(marginSeconds)})`;
}

/** Deletes a shop's waiting jobs, except those of tasks that also run after a departure. */
export async function deleteWaitingJobs(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    `delete from pgboss.job
      where data->>'shop' = $1 and state < 'active' and name not like 'privacy.%'
        and name <> 'shop.departure'`,
    [shop],
  );
}

/** Deletes all jobs of a shop. */
export async function deleteJobs(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from pgboss.job where data->>'shop' = $1", [shop]);
}

/** The next attempt of a task whose last one failed; null when it is waiting or active anyway. */
export async function readNextAttempt(
  shop: ShopDomain,
  task: TaskName,
): Promise<{ code: string; at: Date } | null> {
  const { rows } = await pool.query<{ code: string; at: Date }>(
    `select code, at from (
       select error_code as code, ask_again_at as at from parked_jobs
        where shop = $1 and task = $2
       union all
       select coalesce(output ->> 'code', 'unknown'), start_after from pgboss.job
        where singleton_key = $1 and name = $2 and state = 'retry') tried
      where at > now() and not exists (
        select 1 from pgboss.job
         where singleton_key = $1 and name = $2 and state in ('created', 'active'))
      order by at limit 1`,
    [shop, task],
  );
  return rows[0] ?? null;
}

export type JobCount = {
  task: string;
  state: "waiting" | "delayed" | "active";
  jobs: number;
  /** Age of the job that could have started first. */
  ageSeconds: number;
};

/** The number of jobs by task and state; `tasks` includes those without jobs. */
export async function countJobs(): Promise<{ tasks: string[]; counts: JobCount[] }> {
  const { rows: counts } = await pool.query<JobCount>(
    `select name as task,
            case when state = 'active' then 'active' when start_after <= now() then 'waiting'
                 else 'delayed' end as state,
            count(*)::int as jobs,
            extract(epoch from now() - min(greatest(start_after, created_on)))::float8
              as "ageSeconds"
       from pgboss.job
      where state in ('created', 'retry', 'active') and not starts_with(name, '__pgboss__')
      group by 1, 2`,
  );
  const queues = await pool.query<{ name: string }>(
    "select name from pgboss.queue where not starts_with(name, '__pgboss__')",
  );
  return { tasks: queues.rows.map(({ name }) => name), counts };
}
