import { digest, ENGINE_VERSION, type FitResult } from "#engine";
import { writeDay } from "./input/days.ts";
import type { Prepared } from "./input/prepare.ts";
import { describeRules } from "./notes.ts";
import type { ScoreOptions } from "./options.ts";

type Fitted = Extract<FitResult, { kind: "fitted" }> & { options: ScoreOptions };

/**
 * All that a run rests on, as JSON: with the same orders, `fit` gives the same scores to the last
 * bit. Nothing in it depends on the order of rows, the name of the file, the machine or the clock.
 */
export function buildReport(prepared: Prepared, { fit, rules, options }: Fitted): string {
  const { purchases, asOfDay, rows, columns, currency } = prepared;
  const likelihoods = [fit.likelihood, ...fit.others];
  const { rehearsal } = fit;
  const report = {
    engineVersion: ENGINE_VERSION,
    input: {
      digest: digest(purchases),
      customers: prepared.ids.length,
      purchaseDays: purchases.day.length,
      columns,
      currency,
      timezone: options.timezone,
      rows,
    },
    asOf: writeDay(asOfDay),
    horizonDays: fit.horizonDays,
    horizonChosenBy: options.horizonDays === undefined ? "store" : "caller",
    gate: {
      passed: rules.every((rule) => rule.passed),
      forced: options.force,
      rules: describeRules(rules),
    },
    models: likelihoods.map((likelihood) => ({
      weight: 1 / likelihoods.length,
      ...likelihood,
    })),
    season: fit.season,
    spend: fit.spend,
    baseRate: fit.baseRate,
    observedRate: fit.observedRate,
    backtest: rehearsal && { cutoff: writeDay(rehearsal.cutoffDay), ...rehearsal },
    fit,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
