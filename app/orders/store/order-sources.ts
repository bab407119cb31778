import type { UsualKind } from "./order-rules.ts";

/** A tag or a channel among the stored orders. */
export type OrderSource = {
  of: "tags" | "channels";
  name: string;
  orders: number;
  /** What it is usually used for; null for a channel that says nothing of it. */
  kind: UsualKind | null;
};
