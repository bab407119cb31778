import type pg from "pg";

import { pool } from "#app/lib/db.server.ts";
import type { ErrorCode } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { Progress, ProgressTask, TaskProgress } from "./progress.ts";

/** Records the progress of a task, which the merchant sees. */
export async function setProgress(
  shop: ShopDomain,
  task: ProgressTask,
  progress: Progress,
): Promise<void> {
  const { state, done, total, errorCode = null } = progress;
  await pool.query(
    `insert into progress as p (shop, task, state, done, total, error_code)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (shop, task) do update set
       state = excluded.state, done = excluded.done, total = excluded.total,
       error_code = excluded.error_code, updated_at = now(),
       started_at = case when p.state in ('done', 'failed') then now() else p.started_at end`,
    [shop, task, state, done, total, errorCode],
  );
}

/** Deletes the progress of a task that ended without a result. */
export async function forgetProgress(
  shop: ShopDomain,
  task: ProgressTask,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<void> {
  await connection.query("delete from progress where shop = $1 and task = $2", [shop, task]);
}

/** Like {@link forgetProgress}, for all tasks but one. */
export async function forgetOtherProgress(
  shop: ShopDomain,
  task: ProgressTask,
  client: pg.PoolClient,
): Promise<void> {
  await client.query("delete from progress where shop = $1 and task <> $2", [shop, task]);
}

const ENDED: readonly TaskProgress["state"][] = ["done", "failed"];

/**
 * Shows a task as waiting, in the transaction that enqueues it.
 *
 * @param over the states to replace; by default not those of a task under way
 * @returns whether the state was changed to waiting
 */
export async function showWaiting(
  client: pg.PoolClient,
  shop: ShopDomain,
  { task, over = ENDED }: { task: ProgressTask; over?: readonly TaskProgress["state"][] },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into progress as p (shop, task, state) values ($1, $2, 'waiting')
     on conflict (shop, task) do update set state = 'waiting', done = 0, total = null,
       error_code = null, updated_at = now() where p.state = any($3)`,
    [shop, task, over],
  );
  return rowCount !== 0;
}

/**
 * Shows failed tasks as waiting again, keeping the progress made, in the transaction that enqueues
 * them.
 *
 * @param which one task, or those that failed with one code
 * @returns whether there was one
 */
export async function showRetrying(
  client: pg.PoolClient,
  shop: ShopDomain,
  which: { task: ProgressTask } | { errorCode: ErrorCode },
): Promise<boolean> {
  const [column, value] = "task" in which ? ["task", which.task] : ["error_code", which.errorCode];
  const { rowCount } = await client.query(
    `update progress set state = 'waiting', error_code = null, updated_at = now()
      where shop = $1 and state = 'failed' and ${column} = $2`,
    [shop, value],
  );
  return rowCount !== 0;
}

/** The current or last progress of each task. */
export async function readProgress(shop: ShopDomain): Promise<TaskProgress[]> {
  const { rows } = await pool.query<{
    task: ProgressTask;
    state: Progress["state"];
    done: string;
    total: string | null;
    error_code: string | null;
  }>("select task, state, done, total, error_code from progress where shop = $1 order by task", [
    shop,
  ]);
  return rows.map(({ task, state, done, total, error_code }) => ({
    task,
    state,
    done: Number(done),
    total: total === null ? null : Number(total),
    errorCode: error_code,
  }));
}
