import type { TaskName } from "./task-names.ts";

export const progressTasks = ["import", "score", "write", "check", "cleanup"] as const;
export type ProgressTask = (typeof progressTasks)[number];

/** The tasks that are shown to the merchant; the others take no time worth showing. */
export const shownTasks: Record<ProgressTask, TaskName> = {
  import: "orders.import",
  score: "scoring.run",
  write: "writeback.push",
  check: "orders.reconcile",
  cleanup: "writeback.cleanup",
};

/** Under which name a task is shown; null for one that is not. */
export function progressOf(task: TaskName): ProgressTask | null {
  return progressTasks.find((shown) => shownTasks[shown] === task) ?? null;
}

export const progressStates = ["waiting", "running", "done", "failed"] as const;

/** How far a task of a shop has come. */
export type TaskProgress = {
  task: ProgressTask;
  state: (typeof progressStates)[number];
  done: number;
  /** Null while the total is unknown. */
  total: number | null;
  /** An i18n key under `errors`. */
  errorCode: string | null;
};

/** What a task records of its own progress. */
export type Progress = Omit<TaskProgress, "task" | "errorCode"> & { errorCode?: string | null };
