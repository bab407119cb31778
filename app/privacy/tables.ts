/** A table with data of a shop, and how its rows are erased and reported. */
export type HeldTable = {
  table: string;
  /** The column with the customer's id; null if rows are not about customers. */
  customer: string | null;
  /** What the erasure of a customer does to their rows. */
  onErasure?: "delete" | "unlink";
  /**
   * Whether rows outlive an installation. All other rows are erased before a new installation
   * begins; erasing the shop removes all.
   */
  outlives?: true;
  /** Whether a customer's rows are part of the report that they may request. */
  told?: true;
};

/**
 * All tables with data of a shop. A test compares the list with the schema, so that no new table is
 * forgotten.
 */
export const heldTables: readonly HeldTable[] = [
  { table: "scores", customer: "customer_id", onErasure: "delete", told: true },
  { table: "score_history", customer: "customer_id", onErasure: "delete", told: true },
  { table: "score_updates", customer: "customer_id", onErasure: "delete", told: true },
  { table: "tier_changes", customer: "customer_id", onErasure: "delete", told: true },
  { table: "shopify_groups", customer: "customer_id", onErasure: "delete", told: true },
  { table: "pending_writes", customer: "customer_id", onErasure: "delete", told: true },
  { table: "written_states", customer: "customer_id", onErasure: "delete", told: true },
  { table: "changed_customers", customer: "customer_id", onErasure: "delete", told: true },
  { table: "gone_customers", customer: "customer_id", onErasure: "delete", told: true },
  { table: "gone_customers", customer: "into_customer_id", onErasure: "delete" },
  { table: "orders", customer: "customer_id", onErasure: "unlink", told: true },
  {
    table: "excluded_customers",
    customer: "customer_id",
    onErasure: "delete",
    outlives: true,
    told: true,
  },
  { table: "privacy_reports", customer: "customer_id", onErasure: "delete", outlives: true },
  // Has only a digest of the customer.
  { table: "redacted_customers", customer: null, outlives: true },
  { table: "scoring_runs", customer: null },
  { table: "tier_totals", customer: null },
  // Sums over a week's customers; an erased one stays part of them and cannot be told from them.
  { table: "judgements", customer: null },
  { table: "order_imports", customer: null },
  { table: "order_checks", customer: null },
  { table: "seen_orders", customer: null },
  { table: "unreadable_orders", customer: null },
  { table: "parked_jobs", customer: null },
  { table: "cost_budgets", customer: null },
  // The lines of a batch have customer ids until its result is read; an erasure waits for that.
  { table: "write_batches", customer: null },
  { table: "target_segments", customer: null },
  { table: "clean_ups", customer: null },
  { table: "progress", customer: null, outlives: true },
  { table: "webhook_inbox", customer: null, outlives: true },
  { table: "sessions", customer: null, outlives: true },
  { table: "shops", customer: null, outlives: true },
];

/** Tables without data of a shop; shop_erasures has a digest of its domain. */
export const otherTables: readonly string[] = ["_prisma_migrations", "shop_erasures"];
