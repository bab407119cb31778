import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { TaskName } from "./task-names.ts";

// All SQL on pg-boss's own tables, beside the index that one-waiting.server.ts adds to them: the version
// of pg-boss is pinned, and tests compare what is written here with what pg-boss writes.

type Connection = Pick<pg.ClientBase, "query">;

/** One handing out of a job to a worker; the count tells it from an earlier one. */
export type Attempt = { name: TaskName; id: string; retryCount: number };

/** A job in one of these states waits to be handed out, for the first time or again. */
const WAITING = "state in ('created', 'retry')";

/** Whether pg-boss has made its tables. */
export async function areJobTablesThere(connection: Connection = pool): Promise<boolean> {
  const { rows } = await connection.query<{ there: boolean }>(
    "select to_regclass('pgboss.job') is not null as there",
  );
  return rows[0]?.there === true;
}

/** SQL: true where no job of the task is waiting, active or about to be retried for the shop. */
export function noJob(task: TaskName, shopColumn: string): string {
  return `not exists (
    select 1 from pgboss.job job
     where job.name = '${task}' and job.singleton_key = ${shopColumn}
       and job.state in ('created', 'retry', 'active'))`;
}

/**
 * SQL: inserts the jobs that pg-boss would make of an `enqueue`, from the options its queue was made
 * with. Rows go in by shop, so that two of these statements never wait for each other crosswise.
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
 * Keeps the waiting job from being handed out before the caller's transaction has ended: only then does
 * it see what it was enqueued for.
 *
 * @param soon one that would be retried later is due now
 * @returns false when none is waiting any more: it was handed out meanwhile, and may not see it
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
 * Removes the job that is waiting for the same task: what it would do, the next handing out of this
 * attempt's job does. So attempts are counted and spaced however often the task is enqueued meanwhile.
 *
 * @returns false, and nothing is done, when the job is no longer this attempt's
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

/** Whether a job is still handed out to this attempt. */
export async function isActive({ id, retryCount }: Omit<Attempt, "name">): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select 1 from pgboss.job where id = $1 and retry_count = $2 and state = 'active'",
    [id, retryCount],
  );
  return rowCount !== 0;
}

/** The jobs of these tasks that were handed out longer ago. */
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
 * SQL: a row for each job of the shop ($1) but those of `privacy` that is active and was handed out
 * before a time ($2), or so many seconds after.
 */
export function activeSince(marginSeconds: number): string {
  return `select 1 from pgboss.job
  where data->>'shop' = $1 and state = 'active' and name not like 'privacy.%'
    and started_on <= $2::timestamptz + make_interval(secs => ${String(marginSeconds)})`;
}

/** Removes a shop's waiting jobs but those that go on after it has left. */
export async function deleteWaitingJobs(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    `delete from pgboss.job
      where data->>'shop' = $1 and state < 'active' and name not like 'privacy.%'
        and name <> 'shop.departure'`,
    [shop],
  );
}

/** Removes everything that the queue has of a shop. */
export async function deleteJobs(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("delete from pgboss.job where data->>'shop' = $1", [shop]);
}

/** The next attempt of a task whose last one failed, unless it is waiting or active besides. */
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
  /** Of the job that could have begun first. */
  ageSeconds: number;
};

/** How many jobs there are, by task and state; `tasks` also names those without any. */
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
