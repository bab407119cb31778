import type { RuleCheck } from "#engine";

import { isoDay } from "#app/lib/calendar.ts";
import type { HomeView, RuleView, ScoredHome } from "./home.ts";
import type { LatestRun } from "#app/scoring/store/latest-run.server.ts";
import type { TierRows, TierRow } from "#app/scoring/store/totals.ts";

type Facts = Pick<
  HomeView,
  "shopName" | "currency" | "timeZone" | "basis" | "progress" | "reconciliation" | "unreadable"
> & {
  reconstructedWeeks: number;
  /** As the scores are now, which some orders have changed since the run. */
  tierRows: TierRows;
};

/** Puts together what the home screen shows; `run` is null until the first scoring. */
export function homeView(
  { reconstructedWeeks, tierRows, ...facts }: Facts,
  run: LatestRun | null,
): HomeView {
  if (!run) return { ...facts, state: "importing" };
  const shown = { ...facts, basis: run.basis };
  if (!run.scored) {
    return { ...shown, state: "refused", asOf: run.asOf, rules: run.rules.map(ruleView) };
  }
  const { fit, totals } = run.scored;
  const scored: ScoredHome = {
    asOf: run.asOf,
    scoredAt: run.createdAt.toISOString(),
    horizonDays: run.horizonDays,
    baseRate: fit.baseRate,
    observedRate: fit.observedRate,
    ...tierRows,
    expectedTotal: totals.range && rangeOf(tierRows.axes.clv, totals.range),
    reconstructedWeeks,
  };
  return { ...shown, state: "scored", scored };
}

/** The factors of a range, put on what all tiers are expected to bring. */
function rangeOf(rows: TierRow[], factors: { low: number; high: number }) {
  const total = rows.reduce((sum, row) => sum + row.expectedSpendMinor, 0);
  return { low: Math.round(total * factors.low), high: Math.round(total * factors.high) };
}

export function ruleView(rule: RuleCheck): RuleView {
  const { expectedDay, ...shown } = rule;
  return { ...shown, expectedOn: expectedDay === null ? null : isoDay(expectedDay) };
}
