/** The work that can be asked for. What each does is known to the worker alone. */
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
