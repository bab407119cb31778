/** The tasks that can be enqueued. What each does is in worker/tasks.server.ts. */
export const taskNames = [
  "shop.follow",
  "shop.departure",
  "orders.import",
  "orders.follow",
  "orders.reconcile",
  "scoring.run",
  "scoring.rescore",
  "scoring.exclude",
  "writeback.push",
  "writeback.cleanup",
  "segments.check",
  "privacy.handle",
  "privacy.purge",
] as const;
export type TaskName = (typeof taskNames)[number];
