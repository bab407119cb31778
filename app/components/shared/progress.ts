import type { TaskProgress } from "#app/queue/progress.ts";

/** The progress of one task; waiting when nothing is recorded yet. */
export function taskProgress(all: TaskProgress[], task: TaskProgress["task"]): TaskProgress {
  const found = all.find((progress) => progress.task === task);
  return found ?? { task, state: "waiting", done: 0, total: null, errorCode: null };
}

/** Milliseconds until the next poll; null when nothing more will happen by itself. */
export function pollAfterMs(all: TaskProgress[], awaited: boolean): number | null {
  if (all.some((progress) => progress.state === "failed")) return 5_000;
  const working = all.some(({ state }) => state === "running" || state === "waiting");
  return working || awaited ? 1_000 : null;
}

/** A text that changes when a task begins or ends, but not with its progress. */
export function phaseOf(all: TaskProgress[]): string {
  return all.map(({ task, state }) => `${task} ${state}`).join(", ");
}
