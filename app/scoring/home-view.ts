import type { RuleCheck } from "#engine";

import { isoDay } from "./days.ts";
import type { HomeView, RuleView, ScoredHome } from "./home.ts";
import type { LatestRun } from "./latest-run.server.ts";

type Facts = Pick<HomeView, "shopName" | "currency" | "timeZone" | "basis" | "progress"> & {
  reconstructedWeeks: number;
};

/** Puts together what the home screen shows; `run` is null until the first scoring. */
export function homeView({ reconstructedWeeks, ...facts }: Facts, run: LatestRun | null): HomeView {
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
    customers: totals.customers,
    axes: totals.axes,
    reconstructedWeeks,
  };
  return { ...shown, state: "scored", scored };
}

export function ruleView(rule: RuleCheck): RuleView {
  const { expectedDay, ...shown } = rule;
  return { ...shown, expectedOn: expectedDay === null ? null : isoDay(expectedDay) };
}
