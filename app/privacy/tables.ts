/** A table that holds something of a shop, and what becomes of its rows. */
export type HeldTable = {
  table: string;
  /** The column that says which customer a row is about; null where none is about one. */
  customer: string | null;
  /** What the erasure of a customer does to the rows about them. */
  whenRedacted?: "delete" | "unlink";
  /**
   * What outlives an installation: requests and promises about customers. All else that an earlier
   * installation left is erased before a new one begins; with the shop everything is erased.
   */
  outlives?: true;
  /** The rows about a customer belong into the answer to a request for what is held. */
  told?: true;
};

/**
 * Every table with something of a shop. A test compares this list with the database, so that a
 * table added later cannot be forgotten.
 */
export const heldTables: readonly HeldTable[] = [
  { table: "scores", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "score_history", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "score_updates", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "tier_changes", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "pending_writes", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "written_states", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "changed_customers", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "gone_customers", customer: "customer_id", whenRedacted: "delete", told: true },
  { table: "gone_customers", customer: "into_customer_id", whenRedacted: "delete" },
  { table: "orders", customer: "customer_id", whenRedacted: "unlink", told: true },
  {
    table: "excluded_customers",
    customer: "customer_id",
    whenRedacted: "delete",
    outlives: true,
    told: true,
  },
  { table: "privacy_reports", customer: "customer_id", whenRedacted: "delete", outlives: true },
  // A digest, by which they are kept out.
  { table: "redacted_customers", customer: null, outlives: true },
  { table: "scoring_runs", customer: null },
  { table: "tier_totals", customer: null },
  { table: "order_imports", customer: null },
  { table: "order_checks", customer: null },
  { table: "seen_orders", customer: null },
  { table: "unreadable_orders", customer: null },
  { table: "parked_jobs", customer: null },
  { table: "cost_budgets", customer: null },
  // The lines of a batch name customers until its result is read: an erasure waits for that.
  { table: "write_batches", customer: null },
  { table: "target_segments", customer: null },
  { table: "clean_ups", customer: null },
  { table: "progress", customer: null, outlives: true },
  { table: "webhook_inbox", customer: null, outlives: true },
  { table: "sessions", customer: null, outlives: true },
  { table: "shops", customer: null, outlives: true },
];

/** Tables without anything of a shop but, in one, a digest of its domain. */
export const otherTables: readonly string[] = ["_prisma_migrations", "shop_erasures"];
