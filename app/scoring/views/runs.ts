import type { OrderRun } from "#app/orders/reconcile/order-runs.server.ts";
import type { UnreadableView } from "#app/orders/store/unreadable-orders.ts";
import type { TaskName } from "#app/queue/task-names.ts";
import type { Moves } from "#app/scoring/store/moves.ts";
import type { Axis } from "#engine";

/** A scoring of the whole store. */
export type ScoreRun = {
  kind: "score";
  id: string;
  /** ISO time. */
  at: string;
  horizonDays: number;
  orders: number;
  /** Null when the gate refused. */
  scored: { customers: number; moves: Record<Axis, Moves> | null } | null;
  /** How many rules were not met. */
  unmet: number;
};

/** The reconstructed weeks, which are scored together. */
export type WeeksRun = { kind: "weeks"; id: string; at: string; weeks: number } & {
  /** ISO dates. */
  from: string;
  to: string;
};

export type Run = OrderRun | ScoreRun | WeeksRun;

/** A task that was given up, and has not succeeded since. */
export type FailedTask = {
  task: TaskName;
  errorCode: string;
  /** ISO times: when it was given up, and until when nobody but a person tries it again. */
  at: string;
  againAt: string;
};

/** Everything the page of runs shows. */
export type RunsView = {
  timeZone: string;
  failed: FailedTask[];
  unreadable: UnreadableView;
  /** Newest first. */
  runs: Run[];
  /** Whether there are older ones. */
  more: boolean;
};

/** How many runs are shown. */
export const SHOWN_RUNS = 30;

/** Puts runs of all kinds in one list, newest first. */
export function newestFirst(runs: Run[]): Pick<RunsView, "runs" | "more"> {
  const sorted = [...runs].sort((one, other) => other.at.localeCompare(one.at));
  return { runs: sorted.slice(0, SHOWN_RUNS), more: sorted.length > SHOWN_RUNS };
}
