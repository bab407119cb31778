/** The state of writing, as the home screen shows it. */
export type WritingView = {
  /** ISO time of the merchant's agreement; null before it. */
  agreedAt: string | null;
  /** ISO time since when the merchant has paused writing; null while it goes on. */
  pausedAt: string | null;
  /**
   * What a write would do now (the dry run), before the agreement and during a pause. Otherwise all
   * zero, since differences are written without asking.
   */
  plan: WritePlanCounts;
  /** Number of customers whose last write failed, by reason. */
  failures: { code: string; customers: number }[];
  /**
   * Keys of metafields that are not written, since the merchant's own definitions have another
   * type.
   */
  blockedMetafields?: string[];
  /** A clean-up is under way. */
  beingRemoved: boolean;
  /** What the last clean-up removed, if nothing was written since; null otherwise. */
  removed: "all" | "some" | null;
};

export type WritePlanCounts = {
  customers: number;
  tagsToAdd: number;
  tagsToRemove: number;
  metafieldsToSet: number;
  metafieldsToDelete: number;
};
