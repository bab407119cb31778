import { fitModels, type Fitted } from "./fit-models.ts";
import { checkData, type RuleCheck } from "./gate/gate.ts";
import { checkLevel } from "./gate/level-rule.ts";
import { learnYoung, type Rehearsal, rehearse } from "./gate/rehearsal.ts";
import { checkSkill, testDays } from "./gate/skill-rule.ts";
import { meanProbability, observedShare } from "./histories/base-rate.ts";
import { compressHistories } from "./histories/histories.ts";
import { defaultHorizon } from "./histories/horizon.ts";
import { readRhythm, type Rhythm } from "./histories/rhythm.ts";
import type { Purchases, Summary } from "./histories/summary.ts";
import { traced } from "./histories/traces.ts";
import { readTypical, type Typical } from "./histories/typical-customer.ts";
import { type Learned, nothingLearned } from "./learning/learned-parameters.ts";
import { fitMbgNbd } from "./models/mbg-nbd.ts";
import { fitSeason, type Season } from "./models/season.ts";
import type { Models } from "./predict.ts";
import { storeThresholds, type Thresholds, type TierOptions } from "./tiers.ts";
import { ENGINE_VERSION } from "./version.ts";

/** Everything needed to score a summary again, bit for bit; plain JSON. */
export type StoreFit = Models & {
  engineVersion: string;
  /** Mean predicted probability of buying within the horizon: what thresholds are relative to. */
  baseRate: number;
  /**
   * Share of the customers known one horizon ago who have bought since; null when the history is
   * shorter than the horizon.
   */
  observedRate: number | null;
  thresholds: Thresholds;
  /** What the thresholds were chosen by; missing where the default ones apply. */
  tierOptions?: TierOptions;
  /** A customer with one purchase day is `new` below this age in days. */
  newMaxAgeDays: number;
  typical: Typical;
  /** What was estimated on past windows. */
  learned: Learned;
  /** How well past windows were predicted; null when there was none. */
  rehearsal: Rehearsal | null;
};

export type FitResult =
  | { kind: "fitted"; fit: StoreFit; rules: RuleCheck[] }
  | { kind: "refused"; rules: RuleCheck[]; horizonDays: number };

export type FitStoreOptions = {
  /** Purchases on or after this day are ignored. */
  asOfDay: number;
  /** Whether the purchases are all the store ever had, or only those of its last 60 days. */
  fullHistory: boolean;
  /** The merchant's choice; `defaultHorizon` if missing. */
  horizonDays?: number;
  /** Where the tiers begin; `defaultTierOptions` if missing. */
  tierOptions?: TierOptions;
  /** Fit even if the gate refuses; `rules` still tells which were not met. */
  evenIfRefused?: boolean;
  /**
   * Also use the store's past windows: estimate model weights, recalibration, level and the weight
   * of past spend, and let the gate judge how well those windows were predicted. Without it the
   * models are MBG/NBD and Gamma-Gamma.
   */
  rehearse?: boolean;
};

/** A first-time customer stays `new` for at least this many days. */
const MIN_NEW_DAYS = 30;

/**
 * Fits the models to one store, unless the gate refuses it, and sets the store's thresholds.
 * `summary` must be `summarize(purchases, asOfDay)`.
 */
export function fitStore(
  summary: Summary,
  purchases: Purchases,
  options: FitStoreOptions,
): FitResult {
  const { asOfDay, fullHistory, rehearse: tested = false } = options;
  const rhythm = readRhythm(purchases, asOfDay);
  const firstDay = rhythm.firstDay ?? asOfDay;
  const historyDays = asOfDay - firstDay;
  const horizonDays = options.horizonDays ?? defaultHorizon(rhythm.medianGapDays, historyDays);
  const rules = checkData(rhythm, asOfDay, { fullHistory, tested });
  const refused = () => !options.evenIfRefused && !rules.every((rule) => rule.passed);
  if (refused()) return { kind: "refused", rules, horizonDays };
  let rehearsal: Rehearsal | null = null;
  let learned = nothingLearned;
  if (tested) {
    const windowDays = testDays(rhythm, { asOfDay, horizonDays });
    const past = { asOfDay, horizonDays: windowDays, firstDay };
    const rehearsed = rehearse(purchases, past);
    rehearsal = rehearsed?.rehearsal ?? null;
    learned = rehearsed?.learned ?? learnYoung(purchases, past);
    rules.push(...checkSkill(rehearsal, rhythm, { asOfDay, horizonDays }), checkLevel(rehearsal));
    if (refused()) return { kind: "refused", rules, horizonDays };
  }
  const season = rehearsal?.seasonal ? readSeason(summary, purchases, asOfDay) : null;
  const when = { asOfDay, horizonDays, season };
  const known = tested ? traced(purchases, summary, when) : summary;
  const { models, predictions } = fitModels(known, when, learned);
  const observedRate =
    historyDays > horizonDays ? observedShare(purchases, asOfDay - horizonDays, asOfDay) : null;
  const { tierOptions } = options;
  const norms = storeNorms(summary, { ...rhythm, tierOptions }, { models, predictions });
  const learnedFrom = { learned, observedRate, ...norms, rehearsal };
  const fit = { engineVersion: ENGINE_VERSION, ...models, ...learnedFrom };
  return { kind: "fitted", fit, rules };
}

function readSeason(summary: Summary, purchases: Purchases, asOfDay: number): Season {
  return fitSeason(purchases, asOfDay, fitMbgNbd(compressHistories(summary)));
}

/** The store's base rate, thresholds and typical figures, which a customer is compared with. */
export function storeNorms(
  summary: Summary,
  how: Pick<Rhythm, "medianGapDays" | "secondPurchaseDays"> & {
    tierOptions?: TierOptions | undefined;
  },
  { models, predictions }: Fitted,
): Pick<StoreFit, "baseRate" | "thresholds" | "tierOptions" | "newMaxAgeDays" | "typical"> {
  const baseRate = meanProbability(predictions.buyProbability);
  const newMaxAgeDays = Math.max(MIN_NEW_DAYS, how.secondPurchaseDays ?? 0);
  const chosen = how.tierOptions ? { tierOptions: how.tierOptions } : {};
  const figures = { ...summary, expectedSpend: predictions.expectedSpend };
  return {
    baseRate,
    thresholds: storeThresholds(figures, { baseRate, newMaxAgeDays, ...chosen }),
    ...chosen,
    newMaxAgeDays,
    typical: readTypical(summary, how, models.spend.storeMean),
  };
}
