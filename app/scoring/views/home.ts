import type { Basis } from "#app/orders/purchases/order-counts.ts";
import type { ReconciliationView } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import type { UnreadableView } from "#app/orders/store/unreadable-orders.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import type { TierRow } from "#app/scoring/store/totals.ts";
import type { Axis, LevelWarning, RuleCheck } from "#engine";

/** A rule of the gate as the refusal screen shows it. */
export type RuleView = {
  /** An i18n key under `gate.rules`. */
  code: RuleCheck["code"];
  passed: boolean;
  have: number;
  need: number;
  unit: RuleCheck["unit"];
  /** ISO date by which the rule is expected to be met; null when nobody can say. */
  expectedOn: string | null;
};

export type ScoredHome = {
  /** Scores use orders of days before this one, ISO date. */
  asOf: string;
  scoredAt: string;
  horizonDays: number;
  /** Mean predicted probability of buying within the horizon: what "usual for your store" means. */
  baseRate: number;
  /** The share of those who were customers one horizon ago and bought since; null when unknown. */
  observedRate: number | null;
  customers: number;
  axes: Record<Axis, TierRow[]>;
  /** What all of them together are expected to spend, in 8 of 10 cases; minor units. */
  expectedTotal: { low: number; high: number } | null;
  /** By how much every past window was off in one direction; null where there is nothing to tell. */
  levelWarning: LevelWarning | null;
  /** Weekly reconstructed runs kept, newest first, for "moves" and "was it right". */
  reconstructedWeeks: number;
};

/** Everything the home screen shows. */
export type HomeView = {
  shopName: string;
  currency: string;
  timeZone: string;
  basis: Basis;
  progress: TaskProgress[];
  /** What the last comparison of the orders with Shopify found; null before the first. */
  reconciliation: ReconciliationView | null;
  /** Orders that are set aside because they cannot be read. */
  unreadable: UnreadableView;
} & (
  | { state: "importing" }
  | { state: "refused"; asOf: string; rules: RuleView[] }
  | { state: "scored"; scored: ScoredHome }
);
