import { digest, ENGINE_VERSION, type FitResult, type StoreFit } from "#engine";

import { writeDay } from "./input/days.ts";
import type { Prepared } from "./input/prepare.ts";
import { describeRules } from "./notes.ts";
import type { ScoreOptions } from "./options.ts";

/**
 * Everything a run depends on, as JSON: with the same orders, `fit` gives bit-identical scores. It
 * does not depend on the order of rows, the file's name or the machine; the clock only decides
 * which rows are in the future.
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
    /** The past windows that determined the model weights. */
    backtest: rehearsal && { cutoff: writeDay(rehearsal.cutoffDay), ...rehearsal },
    fit,
  };
}
