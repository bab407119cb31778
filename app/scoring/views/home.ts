import type { Basis } from "#app/orders/purchases/order-counts.ts";
import type { ReconciliationView } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import type { UnreadableView } from "#app/orders/store/unreadable-orders.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { GridCell, TierRow } from "#app/scoring/store/totals.ts";
import type { Axis, LevelWarning, RuleCheck } from "#engine";

import type { Attention } from "./attention.ts";

/** A rule of the gate as the refusal screen shows it. */
export type RuleView = {
  /** An i18n key under `gate.rules`. */
  code: RuleCheck["code"];
  passed: boolean;
  have: number;
  need: number;
  unit: RuleCheck["unit"];
  /** ISO date by which the rule is expected to be met; null when unknown. */
  expectedOn: string | null;
};

export type ScoredHome = {
  /** Scores use orders of days before this one, ISO date. */
  asOf: string;
  scoredAt: string;
  horizonDays: number;
  /** Mean predicted probability of buying within the horizon: what "usual for your store" means. */
  baseRate: number;
  /** The share of the customers of one horizon ago who have bought since; null when unknown. */
  observedRate: number | null;
  customers: number;
  axes: Record<Axis, TierRow[]>;
  /** By both tiers at once; null until the shop is scored by a version that stores it. */
  grid: GridCell[] | null;
  /** The 80 % range of the expected spend of all customers, minor units; null when unknown. */
  expectedTotal: { low: number; high: number } | null;
  /** Set when all past windows were off in the same direction. */
  levelWarning: LevelWarning | null;
  /** Number of reconstructed weeks. */
  reconstructedWeeks: number;
  /** Null until the shop is scored by a version that keeps moves. */
  attention: Attention | null;
};

/** Everything the home screen shows. */
export type HomeView = {
  shopName: string;
  currency: string;
  timeZone: string;
  basis: Basis;
  progress: TaskProgress[];
  /** The last reconciliation run; null before the first. */
  reconciliation: ReconciliationView | null;
  /** Unreadable orders. */
  unreadable: UnreadableView;
} & (
  | { state: "importing" }
  | { state: "refused"; asOf: string; rules: RuleView[] }
  | { state: "scored"; scored: ScoredHome }
);
