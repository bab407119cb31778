import { isoDay } from "#app/lib/calendar.ts";
import type { LatestRun } from "#app/scoring/store/latest-run.server.ts";
import type { TierFigures } from "#app/scoring/store/tier-totals.server.ts";
import type { TierRow } from "#app/scoring/store/totals.ts";
import { levelWarning, type RuleCheck } from "#engine";

import type { Attention } from "./attention.ts";
import type { HomeView, RuleView, ScoredHome } from "./home.ts";
import { pastTests } from "./past-tests.ts";

type Facts = Pick<
  HomeView,
  "shopName" | "currency" | "timeZone" | "basis" | "progress" | "reconciliation" | "unreadable"
> & {
  reconstructedWeeks: number;
  /** By the current scores, which rescorings may have changed since the run. */
  tierRows: TierFigures;
  attention: Attention | null;
};

/** Builds the view of the home screen; `run` is null before the first scoring. */
export function homeView(
  { reconstructedWeeks, tierRows, attention, ...facts }: Facts,
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
    levelWarning: levelWarning(pastTests(fit)),
    reconstructedWeeks,
    attention,
  };
  return { ...shown, state: "scored", scored };
}

/** Applies the factors of a range to the expected spend of all tiers. */
function rangeOf(rows: TierRow[], factors: { low: number; high: number }) {
  const total = rows.reduce((sum, row) => sum + row.expectedSpendMinor, 0);
  return { low: Math.round(total * factors.low), high: Math.round(total * factors.high) };
}

export function ruleView(rule: RuleCheck): RuleView {
  const { expectedDay, ...shown } = rule;
  return { ...shown, expectedOn: expectedDay === null ? null : isoDay(expectedDay) };
}
