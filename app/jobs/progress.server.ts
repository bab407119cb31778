import { pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";

import type { TaskName } from "./task-names.ts";

export const progressTasks = ["import", "score", "write", "check", "cleanup"] as const;
export type ProgressTask = (typeof progressTasks)[number];

/** The tasks that are shown to the merchant; the others are done in no time. */
export const shownTasks: Record<ProgressTask, TaskName> = {
  import: "orders.import",
  score: "scoring.run",
  write: "writeback.push",
  check: "orders.reconcile",
  cleanup: "writeback.cleanup",
};

/** Under which name a task is shown, if it is. */
export function progressOf(task: TaskName): ProgressTask | null {
  return progressTasks.find((shown) => shownTasks[shown] === task) ?? null;
}

export type Progress = {
  state: "waiting" | "running" | "done" | "failed";
  done: number;
  /** Null while nobody can say how much there is. */
  total: number | null;
  /** An i18n key under `errors`. */
  errorCode?: string | null;
};

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
export async function readProgress(
  shop: ShopDomain,
): Promise<(Required<Progress> & { task: ProgressTask })[]> {
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
