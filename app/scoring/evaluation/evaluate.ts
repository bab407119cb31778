import {
  fitStore,
  type HorizonDays,
  type Purchases,
  type RuleCheck,
  type Scores,
  scoreStore,
  type SpendIntervals,
  spendIntervals,
  type StoreFit,
  summarize,
  type Summary,
  type TotalRange,
  totalRange,
  traced,
} from "#engine";

import { type CurrentTiers, tiersAfter } from "./current-tiers.ts";

/** What the engine says of every customer, whatever their tiers were. */
export type EvaluationResult = {
  fit: StoreFit;
  /** With traces: what a run keeps of each customer's days. */
  summary: Summary;
  scores: Scores;
  intervals: SpendIntervals;
  /** How far the store's totals may be off; null where nobody asks. */
  range: TotalRange | null;
};

export type Evaluation = {
  asOfDay: number;
  reconstructed: boolean;
  horizonDays: number;
  rules: RuleCheck[];
  /** Null when the gate refused. */
  result: EvaluationResult | null;
};

export type EvaluateOptions = {
  asOfDay: number;
  reconstructed: boolean;
  fullHistory: boolean;
  /** The store's own default otherwise. */
  horizonDays?: HorizonDays | undefined;
};

/** Gate, fit and scores as of one day; purchases of that day and later are unseen. */
export function evaluate(
  purchases: Purchases,
  { asOfDay, reconstructed, fullHistory, horizonDays }: EvaluateOptions,
): Evaluation {
  const summary = summarize(purchases, asOfDay);
  const fitted = fitStore(summary, purchases, {
    asOfDay,
    fullHistory,
    rehearse: true,
    ...(horizonDays === undefined ? {} : { horizonDays }),
  });
  const { rules } = fitted;
  if (fitted.kind === "refused") {
    return { asOfDay, reconstructed, horizonDays: fitted.horizonDays, rules, result: null };
  }
  const { fit } = fitted;
  const range = reconstructed ? null : totalRange(summary, fit);
  const result = { ...scored(purchases, summary, fit), range };
  return { asOfDay, reconstructed, horizonDays: fit.horizonDays, rules, result };
}

/**
 * Scores purchases with a fit that is there: a customer's figures are to the last bit those that
 * scoring the whole store with that fit on that day gives.
 */
export function scoreWith(kept: StoreFit, purchases: Purchases, asOfDay: number): EvaluationResult {
  const fit = { ...kept, asOfDay };
  return { ...scored(purchases, summarize(purchases, asOfDay), fit), range: null };
}

function scored(
  purchases: Purchases,
  plain: Summary,
  fit: StoreFit,
): Omit<EvaluationResult, "range"> {
  const summary = traced(purchases, plain, fit);
  const scores = scoreStore(summary, fit);
  return { fit, summary, scores, intervals: spendIntervals(summary, fit, scores) };
}

/** Scores with the tiers that are shown. */
export type TieredResult = EvaluationResult & {
  asOfDay: number;
  /** The tiers shown until now: from these customers move. */
  shown: CurrentTiers;
  currentTiers: CurrentTiers;
};

/** Where the tiers of a scoring come from. */
export type PreviousTiers = {
  /** The tiers before the day, from which tiers follow. */
  before: CurrentTiers;
  shown: CurrentTiers;
};

export function withCurrentTiers(
  result: EvaluationResult,
  asOfDay: number,
  { before, shown }: PreviousTiers,
): TieredResult {
  const { summary, scores, fit } = result;
  const currentTiers = tiersAfter({ asOfDay, summary, scores, thresholds: fit.thresholds }, before);
  return { ...result, asOfDay, shown, currentTiers };
}
