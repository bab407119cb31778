// One store on one day: the inputs of its gate, and how accurate its predictions were.
import { fitStore, type Purchases, summarize } from "#engine";
import { rehearse } from "#engine/gate/rehearsal.ts";
import { outcomesOf } from "#engine/histories/outcomes.ts";
import { readRhythm } from "#engine/histories/rhythm.ts";
import { traced } from "#engine/histories/traces.ts";
import { baseLogLoss, likelihoodMetrics } from "#engine/maths/likelihood-metrics.ts";
import { expectations } from "#engine/predict.ts";

import { sampled } from "./gate-stores.ts";

export type Trial = {
  /** Inputs of rules 1 to 3. */
  customers: number;
  repeatCustomers: number;
  historyDays: number;
  gapDays: number;
  quietDays: number;
  /** The newest past window and its length; null if the store is too young for one. */
  test: { days: number; gain: number; auc: number; buyers: number } | null;
  /** The least factor by which every past window was off in level, in one direction; 1 for none. */
  level: number;
  horizonDays: number;
  /**
   * The window after the as-of day: relative improvement of log loss over the base rate, and AUC.
   */
  gain: number;
  auc: number;
  /** Whether the engine's own gate passed it. */
  passed: boolean;
};

/** Better than the base rate, no better than it, or between. */
export function verdict({ gain, auc }: Trial): "good" | "bad" | "between" {
  if (gain <= 0 || auc < 0.55) return "bad";
  return gain >= 0.02 && auc >= 0.6 ? "good" : "between";
}

type Sample = { count: number; seed: number };

/**
 * Fits a sample of a store and evaluates it on all customers of the store, so that the noise of a
 * small sample does not matter.
 */
export function tryStore(store: Purchases, asOfDay: number, sample: Sample): Trial | null {
  const purchases = sampled(store, asOfDay, sample);
  const rhythm = readRhythm(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, evenIfRefused: true, rehearse: true };
  const result = fitStore(summarize(purchases, asOfDay), purchases, options);
  if (result.kind === "refused" || rhythm.firstDay === null || rhythm.lastDay === null) return null;
  const { horizonDays } = result.fit;
  const everybody = summarize(store, asOfDay);
  const outcomes = outcomesOf(store, everybody, [asOfDay, asOfDay + horizonDays]);
  const rows = {
    weight: new Uint8Array(outcomes.customers).fill(1),
    buyers: outcomes.bought,
  };
  const known = traced(store, everybody, { asOfDay, horizonDays });
  const next = likelihoodMetrics(expectations(known, result.fit).buyProbability, rows);
  const base = baseLogLoss(rows);
  const historyDays = asOfDay - rhythm.firstDay;
  return {
    customers: rhythm.customers,
    repeatCustomers: rhythm.repeatCustomers,
    historyDays,
    gapDays: rhythm.medianGapDays ?? 0,
    quietDays: asOfDay - rhythm.lastDay,
    test: lastWindow(purchases, asOfDay, {
      firstDay: rhythm.firstDay,
      days: Math.min(horizonDays, Math.floor(historyDays / 2)),
    }),
    level: 1 + (result.rules.find(({ code }) => code === "level")?.have ?? 0),
    horizonDays,
    gain: base > 0 ? 1 - next.logLoss / base : 0,
    auc: next.auc ?? 0.5,
    passed: result.rules.every((rule) => rule.passed),
  };
}

function lastWindow(
  purchases: Purchases,
  asOfDay: number,
  { firstDay, days }: { firstDay: number; days: number },
): Trial["test"] {
  const past = { asOfDay, horizonDays: Math.max(1, days), firstDay };
  const test = rehearse(purchases, past)?.rehearsal.test;
  if (!test || test.auc === null || test.baseLogLoss === 0) return null;
  return { days, gain: 1 - test.logLoss / test.baseLogLoss, auc: test.auc, buyers: test.buyers };
}
