/** Something of ours that stays in Shopify, and why. `message` carries Shopify's own words. */
export type LeftOver =
  | { kind: "customers"; code: string; customers: number }
  /** `yours`: the merchant made it; `changed`: the merchant gave it another query. */
  | { kind: "segment"; name: string; reason: "yours" | "changed" }
  | { kind: "segment"; name: string; reason: "refused"; message: string }
  | { kind: "definition"; key: string; message: string };

/** How far the removal of all that Encore made has come, and what came of it. */
export type CleanUpView = {
  /** ISO time; null while it goes on. */
  finishedAt: string | null;
  /** Customers from whom everything was removed, segments and definitions deleted. */
  customers: number;
  segments: number;
  definitions: number;
  left: LeftOver[];
};

/** Whether trying again could remove more: what is the merchant's stays anyway. */
export function isWorthRetrying(left: readonly LeftOver[]): boolean {
  return left.some((one) => one.kind !== "segment" || one.reason === "refused");
}
