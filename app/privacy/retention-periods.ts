/**
 * How long rows are kept that are done with, in days. Told to merchants in docs/privacy.md; a test
 * compares the two.
 */
export type Period = {
  table: string;
  days: number;
  /** SQL: the time from which the days count; null while the row is in use. */
  since: string;
};

export const periods: readonly Period[] = [
  // Shopify delivers a webhook for a day at most, and again for some hours.
  { table: "webhook_inbox", days: 7, since: "handled_at" },
  // Their lines are emptied when the result is read; the row tells what happened.
  { table: "write_batches", days: 30, since: "finished_at" },
  { table: "order_imports", days: 90, since: "finished_at" },
  { table: "order_checks", days: 90, since: "finished_at" },
  // Whoever was merged may still be named by an export that Shopify wrote before (7 days), by a file
  // of writes (8 days) or by a late webhook: by none of them for nearly so long.
  { table: "gone_customers", days: 90, since: "settled_at" },
  { table: "tier_changes", days: 730, since: "changed_at" },
  { table: "privacy_reports", days: 30, since: "handed_over_at" },
  { table: "privacy_reports", days: 180, since: "made_at" },
];

/** A batch whose result was not read by then is lost: Shopify keeps results for seven days. */
export const LOST_BATCH_DAYS = 8;
