/**
 * How long finished rows are kept, in days. Published in docs/privacy.md; a test compares the two.
 */
export type Period = {
  table: string;
  days: number;
  /** SQL: the time from which the days count; null while the row is in use. */
  since: string;
};

export const periods: readonly Period[] = [
  // Shopify repeats the delivery of a webhook for about a day.
  { table: "webhook_inbox", days: 7, since: "handled_at" },
  // The lines are removed when the result is read; the row records the outcome.
  { table: "write_batches", days: 30, since: "finished_at" },
  { table: "order_imports", days: 90, since: "finished_at" },
  { table: "order_checks", days: 90, since: "finished_at" },
  // A merged customer may still be named by an older export (7 days), a batch (8 days) or a late
  // webhook, all of which are gone well before.
  { table: "gone_customers", days: 90, since: "settled_at" },
  { table: "tier_changes", days: 730, since: "changed_at" },
  { table: "privacy_reports", days: 30, since: "handed_over_at" },
  { table: "privacy_reports", days: 180, since: "made_at" },
];

/** After this many days the result of a batch is lost: Shopify keeps it for seven days. */
export const LOST_BATCH_DAYS = 8;
