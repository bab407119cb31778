import { digest, ENGINE_VERSION, type FitResult, type StoreFit } from "#engine";

import { writeDay } from "./input/days.ts";
import type { Prepared } from "./input/prepare.ts";
import { describeRules } from "./notes.ts";
import type { ScoreOptions } from "./options.ts";

/**
 * All that a run rests on, as JSON: with the same orders, `fit` gives the same scores to the last
 * bit. Nothing in it depends on the order of rows, the name of the file or the machine; on the clock, only
 * which rows are of days still to come.
 */
export function buildReport(prepared: Prepared, result: FitResult, options: ScoreOptions): string {
  const { purchases, asOfDay, rows, columns, currency } = prepared;
  const { rules } = result;
  const report = {
    engineVersion: ENGINE_VERSION,
    input: {
      digest: digest(purchases),
      customers: prepared.ids.length,
      purchaseDays: purchases.day.length,
      columns,
      currency,
      timezone: options.timezone,
      excluded: options.exclude,
      rows,
    },
    asOf: writeDay(asOfDay),
    horizonDays: result.kind === "fitted" ? result.fit.horizonDays : result.horizonDays,
    horizonChosenBy: options.horizonDays === undefined ? "store" : "caller",
    gate: {
      passed: rules.every((rule) => rule.passed),
      forced: options.force,
      rules: describeRules(rules),
    },
    ...(result.kind === "fitted" ? describeFit(result.fit) : {}),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function describeFit(fit: StoreFit) {
  const likelihoods = [fit.likelihood, ...fit.others];
  const { rehearsal } = fit;
  return {
    models: likelihoods.map((likelihood, i) => ({ weight: fit.weights?.[i] ?? 1, ...likelihood })),
    season: fit.season,
    spend: fit.spend,
    baseRate: fit.baseRate,
    observedRate: fit.observedRate,
    /** The store's own past windows: what weighed the models. */
    backtest: rehearsal && { cutoff: writeDay(rehearsal.cutoffDay), ...rehearsal },
    fit,
  };
}
