import { meanProbability, observedShare } from "./base-rate.ts";
import { candidates, fitCandidate } from "./candidates.ts";
import { checkData, type RuleCheck } from "./gate.ts";
import { checkSkill, testDays } from "./gate-skill.ts";
import { frameOf } from "./frame.ts";
import { compressHistories } from "./histories.ts";
import { defaultHorizon } from "./horizon.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { expectations, type Expectations, type Models } from "./predict.ts";
import { learnYoung, rehearse, type Rehearsal } from "./rehearsal.ts";
import { withShift } from "./refinement.ts";
import { readRhythm, type Rhythm } from "./rhythm.ts";
import { fitSeason, type Season } from "./season.ts";
import { buyProbabilities, weighted } from "./history-rows.ts";
import { fitSpend } from "./spend.ts";
import type { Purchases, Summary } from "./summary.ts";
import { buyThresholds, isNew, valueThresholds, type Thresholds } from "./tiers.ts";
import { readTypical, type Typical } from "./typical.ts";
import { blendOf, valueOf } from "./value.ts";
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
  /** The earlier window that chose the models and the blend; null when none was looked at. */
  rehearsal: Rehearsal | null;
};

export type FitResult =
  | { kind: "fitted"; fit: StoreFit; rules: RuleCheck[] }
  | { kind: "refused"; rules: RuleCheck[]; horizonDays: number };

export type FitStoreOptions = {
  /** Purchases of this day and later are unseen. */
  asOfDay: number;
  /** Whether the purchases are all the store ever had, or only those of its last 60 days. */
  fullHistory: boolean;
  /** The merchant's choice; the store's own default otherwise. */
  horizonDays?: number;
  /** Fit although the gate refuses; the rules say which were not met. */
  evenIfRefused?: boolean;
  /**
   * Also test on the store's own past windows: weigh the models, choose how much of the value is
   * read off past spend, and let the gate judge the skill shown in the last. Without it the store
   * is given MBG/NBD and Gamma-Gamma.
   */
  rehearse?: boolean;
};

/** Least days that a first-time customer stays `new`. */
const MIN_NEW_DAYS = 30;

/**
 * Fits the models to one store, as far as the gate lets it, and sets the store's thresholds.
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
  let learned: Learned = { chosen: [candidates[0]], weights: [1], pastWeight: 0, refinement: null };
  if (tested) {
    const windowDays = testDays(rhythm, { asOfDay, horizonDays });
    const past = { asOfDay, horizonDays: windowDays, firstDay };
    rehearsal = rehearse(purchases, past);
    learned = rehearsal ?? { ...learnYoung(purchases, past), refinement: null };
    rules.push(...checkSkill(rehearsal, rhythm, { asOfDay, horizonDays }));
    if (refused()) return { kind: "refused", rules, horizonDays };
  }
  const season = rehearsal?.seasonal ? readSeason(summary, purchases, asOfDay) : null;
  const when = { asOfDay, horizonDays, season };
  const { models, predictions } = fitModels(summary, when, learned);
  const observedRate =
    historyDays > horizonDays ? observedShare(purchases, asOfDay - horizonDays, asOfDay) : null;
  const places = place(summary, rhythm, { models, predictions });
  const fit = { engineVersion: ENGINE_VERSION, ...models, observedRate, ...places, rehearsal };
  return { kind: "fitted", fit, rules };
}

/** What past windows teach and a fit goes by. */
export type Learned = Pick<Rehearsal, "chosen" | "weights" | "pastWeight" | "refinement">;

function readSeason(summary: Summary, purchases: Purchases, asOfDay: number): Season {
  return fitSeason(purchases, asOfDay, fitMbgNbd(compressHistories(summary)));
}

/** Models fitted to a summary, and what they expect of it. */
export type Fitted = { models: Models; predictions: Expectations };

/** Fits the models to a summary, by what was learned. */
export function fitModels(
  summary: Summary,
  { asOfDay, horizonDays, season }: Pick<Models, "asOfDay" | "horizonDays" | "season">,
  { chosen, weights, pastWeight, refinement: taught }: Learned,
): Fitted {
  const frame = frameOf(summary, asOfDay, season);
  const histories = compressHistories(frame.summary);
  const [likelihood, ...others] = chosen.map((name) => fitCandidate(name, histories));
  const spend = fitSpend(summary);
  const blend = { pastWeight: 0, scale: 1 };
  let refinement = taught;
  if (taught) {
    const ahead = frame.days(horizonDays);
    const probabilities = weighted(
      [likelihood, ...others].map((model) => buyProbabilities(model, histories, ahead)),
      weights,
    );
    refinement = withShift(taught, { histories, probabilities });
  }
  const chances = { likelihood, others, weights, season, refinement };
  const models = { asOfDay, horizonDays, ...chances, spend, blend };
  const predictions = expectations(summary, models);
  if (pastWeight === 0) return { models, predictions };
  const modelSpend = predictions.expectedSpend;
  const past = summary.meanSpend.map((mean, i) => mean * (summary.frequency[i] + 1));
  const chosenBlend = blendOf(modelSpend, past, pastWeight);
  return {
    models: { ...models, blend: chosenBlend },
    predictions: {
      ...predictions,
      expectedSpend: modelSpend.map((value, i) => valueOf(chosenBlend, value, past[i])),
    },
  };
}

/** The store's norms and thresholds: what places a customer among the others. */
export function place(
  summary: Summary,
  rhythm: Pick<Rhythm, "medianGapDays" | "secondPurchaseDays">,
  { models, predictions }: Fitted,
): Pick<StoreFit, "baseRate" | "thresholds" | "newMaxAgeDays" | "typical"> {
  const baseRate = meanProbability(predictions.buyProbability);
  const newMaxAgeDays = Math.max(MIN_NEW_DAYS, rhythm.secondPurchaseDays ?? 0);
  let classified = 0;
  const values = new Float64Array(summary.customers);
  for (let i = 0; i < summary.customers; i++) {
    if (isNew(summary.frequency[i], summary.ageDays[i], newMaxAgeDays)) continue;
    values[classified++] = predictions.expectedSpend[i];
  }
  return {
    baseRate,
    thresholds: { ...buyThresholds(baseRate), ...valueThresholds(values.subarray(0, classified)) },
    newMaxAgeDays,
    typical: readTypical(summary, rhythm, models.spend.storeMean),
  };
}
