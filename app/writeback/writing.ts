/** What stands between the scores and Shopify, as the home screen shows it. */
export type WritingView = {
  /** ISO time of the merchant's agreement; null before it. */
  agreedAt: string | null;
  /** What a write would do now (the dry run). */
  plan: WritePlanCounts;
  /** Customers whose last write failed, with Shopify's reason. */
  failures: { code: string; customers: number }[];
};

export type WritePlanCounts = {
  customers: number;
  tagsToAdd: number;
  tagsToRemove: number;
  metafieldsToSet: number;
  metafieldsToDelete: number;
};
