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
  type TierOptions,
  type TotalRange,
  totalRange,
  traced,
} from "#engine";

import { type CurrentTiers, tiersAfter } from "./current-tiers.ts";

/** The engine's result for all customers, before current tiers. */
export type EvaluationResult = {
  fit: StoreFit;
  /** Includes traces. */
  summary: Summary;
  scores: Scores;
  intervals: SpendIntervals;
  /** The error range of the store's total; null for scores made with a stored fit. */
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
  /** By default the engine chooses it for the store. */
  horizonDays?: HorizonDays | undefined;
  /** Where the tiers begin; the engine's defaults if missing. */
  tierOptions?: TierOptions | undefined;
};

/** Gate, fit and scores as of one day; later purchases, and those of that day, are ignored. */
export function evaluate(
  purchases: Purchases,
  { asOfDay, reconstructed, fullHistory, horizonDays, tierOptions }: EvaluateOptions,
): Evaluation {
  const summary = summarize(purchases, asOfDay);
  const fitted = fitStore(summary, purchases, {
    asOfDay,
    fullHistory,
    rehearse: true,
    ...(horizonDays === undefined ? {} : { horizonDays }),
    ...(tierOptions === undefined ? {} : { tierOptions }),
  });
  const { rules } = fitted;
  if (fitted.kind === "refused") {
    return { asOfDay, reconstructed, horizonDays: fitted.horizonDays, rules, result: null };
  }
  const { fit } = fitted;
  const result = { ...scored(purchases, summary, fit), range: totalRange(summary, fit) };
  return { asOfDay, reconstructed, horizonDays: fit.horizonDays, rules, result };
}

/**
 * Scores purchases with an existing fit. The figures are exactly those that scoring the whole store
 * with the same fit and day would give.
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

/** Scores with current tiers. */
export type TieredResult = EvaluationResult & {
  asOfDay: number;
  /** The tiers shown until now, against which changes are recorded. */
  shown: CurrentTiers;
  currentTiers: CurrentTiers;
  chosen: boolean;
};

/** The previous tiers for a scoring. */
export type PreviousTiers = {
  /** The tiers at the end of the day before, from which the new ones are computed. */
  before: CurrentTiers;
  shown: CurrentTiers;
  /** Whether the tiers before that day had other thresholds by the merchant's choice. */
  reset?: boolean;
  /** Whether the merchant changed a setting since the shown tiers, which explains the moves. */
  chosen?: boolean;
};

export function withCurrentTiers(
  result: EvaluationResult,
  asOfDay: number,
  { before, shown, reset = false, chosen = false }: PreviousTiers,
): TieredResult {
  const { summary, scores, fit } = result;
  const figures = { asOfDay, summary, scores, thresholds: fit.thresholds, reset };
  return { ...result, asOfDay, shown, currentTiers: tiersAfter(figures, before), chosen };
}
