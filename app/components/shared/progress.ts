import type { TaskProgress } from "#app/queue/progress.ts";

/** The progress of one task; a task that nobody has spoken of yet is waiting. */
export function taskProgress(all: TaskProgress[], task: TaskProgress["task"]): TaskProgress {
  const found = all.find((progress) => progress.task === task);
  return found ?? { task, state: "waiting", done: 0, total: null, errorCode: null };
}

/** How long to wait before asking again; null when nothing more is going to happen by itself. */
export function pollAfterMs(all: TaskProgress[], awaited: boolean): number | null {
  if (all.some((progress) => progress.state === "failed")) return 5_000;
  const working = all.some(({ state }) => state === "running" || state === "waiting");
  return working || awaited ? 1_000 : null;
}

/** Changes when a task begins or ends, not while it only moves on. */
export function phaseOf(all: TaskProgress[]): string {
  return all.map(({ task, state }) => `${task} ${state}`).join(", ");
}
