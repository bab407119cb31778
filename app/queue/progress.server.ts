import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import type { Progress, ProgressTask, TaskProgress } from "./progress.ts";

/** Says how far the work for a shop has come, for the merchant to see. */
export async function setProgress(
  shop: ShopDomain,
  task: ProgressTask,
  progress: Progress,
): Promise<void> {
  const { state, done, total, errorCode = null } = progress;
  await pool.query(
    `INSERT INTO progress AS p (shop, task, state, done, total, error_code)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (shop, task) DO UPDATE SET
       state = excluded.state, done = excluded.done, total = excluded.total,
       error_code = excluded.error_code, updated_at = now(),
       started_at = CASE WHEN p.state IN ('done', 'failed') THEN now() ELSE p.started_at END`,
    [shop, task, state, done, total, errorCode],
  );
}

/** Nothing is going on any more, and nothing came of it. */
export async function forgetProgress(shop: ShopDomain, task: ProgressTask): Promise<void> {
  await pool.query("DELETE FROM progress WHERE shop = $1 AND task = $2", [shop, task]);
}

/** What is going on for a shop, and what went on last. */
export async function readProgress(shop: ShopDomain): Promise<TaskProgress[]> {
  const { rows } = await pool.query<{
    task: ProgressTask;
    state: Progress["state"];
    done: string;
    total: string | null;
    error_code: string | null;
  }>("SELECT task, state, done, total, error_code FROM progress WHERE shop = $1 ORDER BY task", [
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
