import type { TaskName } from "./task-names.ts";

export const progressTasks = ["import", "score", "write", "check", "cleanup"] as const;
export type ProgressTask = (typeof progressTasks)[number];

/** The tasks whose progress is shown to the merchant; the others are short. */
export const shownTasks: Record<ProgressTask, TaskName> = {
  import: "orders.import",
  score: "scoring.run",
  write: "writeback.push",
  check: "orders.reconcile",
  cleanup: "writeback.cleanup",
};

/** The name under which a task's progress is shown; null if it is not shown. */
export function progressOf(task: TaskName): ProgressTask | null {
  return progressTasks.find((shown) => shownTasks[shown] === task) ?? null;
}

export const progressStates = ["waiting", "running", "done", "failed"] as const;

/**
 * The progress of a task. `done` and `total` count orders, weeks, or lines and customers, by task.
 */
export type TaskProgress = {
  task: ProgressTask;
  state: (typeof progressStates)[number];
  done: number;
  /** Null while the total is unknown. */
  total: number | null;
  /** An i18n key under `errors`. */
  errorCode: string | null;
};

/** The progress that a task records. */
export type Progress = Omit<TaskProgress, "task" | "errorCode"> & { errorCode?: string | null };
