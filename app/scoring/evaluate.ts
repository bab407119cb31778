import {
  fitStore,
  scoreStore,
  spendIntervals,
  summarize,
  totalRange,
  type HorizonDays,
  type Purchases,
  type RuleCheck,
  type Scores,
  type SpendIntervals,
  type StoreFit,
  type Summary,
  type TotalRange,
} from "#engine";

import { settleAll, type Standings } from "./standings.ts";

/** What one scoring says of every customer. */
export type Scored = {
  fit: StoreFit;
  summary: Summary;
  scores: Scores;
  intervals: SpendIntervals;
  /** How far the store's totals may be off; null in a reconstructed week, where nobody asks. */
  range: TotalRange | null;
  /** Where customers stood, and where they stand now. */
  before: Standings;
  standings: Standings;
};

export type Evaluation = {
  asOfDay: number;
  reconstructed: boolean;
  horizonDays: number;
  rules: RuleCheck[];
  /** Null when the gate refused. */
  scored: Scored | null;
};

export type EvaluateOptions = {
  asOfDay: number;
  reconstructed: boolean;
  fullHistory: boolean;
  /** The store's own default otherwise. */
  horizonDays?: HorizonDays | undefined;
};

/** Gate, fit, scores and tiers as of one day; purchases of that day and later are unseen. */
export function evaluate(
  purchases: Purchases,
  before: Standings,
  { asOfDay, reconstructed, fullHistory, horizonDays }: EvaluateOptions,
): Evaluation {
  const summary = summarize(purchases, asOfDay);
  const result = fitStore(summary, purchases, {
    asOfDay,
    fullHistory,
    rehearse: true,
    ...(horizonDays === undefined ? {} : { horizonDays }),
  });
  const { rules } = result;
  if (result.kind === "refused") {
    return { asOfDay, reconstructed, horizonDays: result.horizonDays, rules, scored: null };
  }
  const { fit } = result;
  const scores = scoreStore(summary, fit);
  const firstDay = asOfDay - summary.ageDays.reduce((oldest, age) => Math.max(oldest, age), 0);
  const when = { asOfDay, horizonDays: fit.horizonDays, firstDay };
  const scored = {
    fit,
    summary,
    scores,
    intervals: spendIntervals(summary, fit, scores),
    range: reconstructed ? null : totalRange(purchases, when),
    before,
    standings: settleAll({ asOfDay, summary, scores, thresholds: fit.thresholds }, before),
  };
  return { asOfDay, reconstructed, horizonDays: fit.horizonDays, rules, scored };
}

/** The same figures, with the tiers that follow from where customers stood before. */
export function settledFrom(evaluation: Evaluation, before: Standings): Evaluation {
  const { asOfDay, scored } = evaluation;
  if (!scored) return evaluation;
  const { fit, summary, scores } = scored;
  const standings = settleAll({ asOfDay, summary, scores, thresholds: fit.thresholds }, before);
  return { ...evaluation, scored: { ...scored, before, standings } };
}
