import { meanProbability, observedShare } from "./base-rate.ts";
import { fitGammaGamma, spendOf, storeMeanSpend } from "./gamma-gamma.ts";
import { checkData, type RuleCheck } from "./gate.ts";
import { compressHistories } from "./histories.ts";
import { defaultHorizon, type HorizonDays } from "./horizon.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { predict, type Models, type SpendFit } from "./predict.ts";
import { readRhythm, type Rhythm } from "./rhythm.ts";
import type { Purchases, Summary } from "./summary.ts";
import { buyThresholds, isNew, valueThresholds, type Thresholds } from "./tiers.ts";
import { readTypical, type Typical } from "./typical.ts";
import { ENGINE_VERSION } from "./version.ts";

/** Everything needed to score a summary again to the last bit: plain JSON. */
export type StoreFit = Models & {
  engineVersion: string;
  /** Mean predicted probability of buying within the horizon: what thresholds are relative to. */
  baseRate: number;
  /**
   * Share of the customers known one horizon ago who bought since: what a merchant saw happen;
   * null when the history is shorter than the horizon.
   */
  observedRate: number | null;
  thresholds: Thresholds;
  /** A customer with one purchase day is `new` below this age in days. */
  newMaxAgeDays: number;
  typical: Typical;
};

export type FitResult =
  | { kind: "fitted"; fit: StoreFit; rules: RuleCheck[] }
  | { kind: "refused"; rules: RuleCheck[]; horizonDays: HorizonDays };

export type FitStoreOptions = {
  /** Purchases of this day and later are unseen. */
  asOfDay: number;
  /** Whether the purchases are all the store ever had, or only those of its last 60 days. */
  fullHistory: boolean;
  /** The merchant's choice; the store's own default otherwise. */
  horizonDays?: HorizonDays;
  /** Fit although the gate refuses; the rules say which were not met. */
  evenIfRefused?: boolean;
};

/** Least days that a first-time customer stays `new`. */
const MIN_NEW_DAYS = 30;
/** From this many repeat customers on, a customer's own mean spend is trusted as the model says. */
const TRUSTED_REPEATERS = 30;

/**
 * Fits the models to one store, as far as the gate lets it, and sets the store's thresholds.
 * `summary` must be `summarize(purchases, asOfDay)`.
 */
export function fitStore(
  summary: Summary,
  purchases: Purchases,
  options: FitStoreOptions,
): FitResult {
  const { asOfDay, fullHistory } = options;
  const rhythm = readRhythm(purchases, asOfDay);
  const historyDays = rhythm.firstDay === null ? 0 : asOfDay - rhythm.firstDay;
  const horizonDays = options.horizonDays ?? defaultHorizon(rhythm.medianGapDays, historyDays);
  const rules = checkData(rhythm, asOfDay, fullHistory);
  if (!rules.every((rule) => rule.passed) && !options.evenIfRefused) {
    return { kind: "refused", rules, horizonDays };
  }
  const models: Models = {
    asOfDay,
    horizonDays,
    likelihood: fitMbgNbd(compressHistories(summary)),
    spend: fitSpend(summary, rhythm),
  };
  const observedRate =
    historyDays > horizonDays ? observedShare(purchases, asOfDay - horizonDays, asOfDay) : null;
  return {
    kind: "fitted",
    fit: {
      engineVersion: ENGINE_VERSION,
      ...models,
      observedRate,
      ...place(summary, rhythm, models),
    },
    rules,
  };
}

function fitSpend(summary: Summary, rhythm: Rhythm): SpendFit {
  const spend = spendOf(summary);
  return {
    ...fitGammaGamma(spend),
    storeMean: storeMeanSpend(spend),
    trust: Math.min(1, rhythm.repeatCustomers / TRUSTED_REPEATERS),
  };
}

/** The store's norms and thresholds: what places a customer among the others. */
function place(
  summary: Summary,
  rhythm: Rhythm,
  models: Models,
): Pick<StoreFit, "baseRate" | "thresholds" | "newMaxAgeDays" | "typical"> {
  const predictions = predict(summary, models);
  const baseRate = meanProbability(predictions.buyProbability);
  const newMaxAgeDays = Math.max(MIN_NEW_DAYS, rhythm.secondPurchaseDays ?? 0);
  const classified = predictions.expectedSpend.filter(
    (_, i) => !isNew(summary.frequency[i], summary.ageDays[i], newMaxAgeDays),
  );
  return {
    baseRate,
    thresholds: { ...buyThresholds(baseRate), ...valueThresholds(classified) },
    newMaxAgeDays,
    typical: readTypical(summary, rhythm, models.spend.storeMean),
  };
}
