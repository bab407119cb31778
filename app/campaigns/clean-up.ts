/** Something of ours that stays in Shopify, and why. `message` is Shopify's. */
export type LeftOver =
  | { kind: "customers"; code: string; customers: number }
  /** `yours`: created by the merchant; `changed`: its query was changed by the merchant. */
  | { kind: "segment"; name: string; reason: "yours" | "changed" }
  | { kind: "segment"; name: string; reason: "refused"; message: string }
  | { kind: "definition"; key: string; message: string };

/** State and result of a clean-up. */
export type CleanUpView = {
  /** ISO time; null while it is under way. */
  finishedAt: string | null;
  /**
   * Number of customers from whom everything was removed, and of deleted segments and definitions.
   */
  customers: number;
  segments: number;
  definitions: number;
  left: LeftOver[];
};

/** Whether a retry could remove more; the merchant's own segments stay anyway. */
export function isWorthRetrying(left: readonly LeftOver[]): boolean {
  return left.some((one) => one.kind !== "segment" || one.reason === "refused");
}
