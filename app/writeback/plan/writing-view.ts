/** What is still to be done between the scores and Shopify, as the home screen shows it. */
export type WritingView = {
  /** ISO time of the merchant's agreement; null before it. */
  agreedAt: string | null;
  /**
   * What the first write would do (the dry run). All zero after the agreement: from then on what
   * differs is written by itself after every scoring, and nothing is left to be asked.
   */
  plan: WritePlanCounts;
  /** Customers whose last write failed, with Shopify's reason. */
  failures: { code: string; customers: number }[];
  /** Keys of metafields that are not written: the merchant's own definitions give them another type. */
  blockedMetafields?: string[];
  /** All that was written is being removed, as the merchant asked. */
  beingRemoved: boolean;
  /** What was written has been removed and nothing since: all of it, or some is left. */
  removed: "all" | "some" | null;
};

export type WritePlanCounts = {
  customers: number;
  tagsToAdd: number;
  tagsToRemove: number;
  metafieldsToSet: number;
  metafieldsToDelete: number;
};
