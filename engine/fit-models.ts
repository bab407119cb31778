import { compressHistories } from "./histories/histories.ts";
import type { Summary } from "./histories/summary.ts";
import type { Learned } from "./learning/learned-parameters.ts";
import { levelled, Recalibrated } from "./learning/recalibration.ts";
import { fitCandidate } from "./models/candidates.ts";
import { timeScaleOf } from "./models/time-scale.ts";
import { type Expectations, expectations, type Models } from "./predict.ts";
import { fitSpend, meanSpend } from "./spend/mean-spend.ts";
import { levelledValue, levelOfValues } from "./spend/spend-calibration.ts";
import { blendOf, valueOf } from "./spend/value.ts";

/** Models fitted to a summary, and their predictions for it. */
export type Fitted = { models: Models; predictions: Expectations };

type When = Pick<Models, "asOfDay" | "horizonDays" | "season">;

/** Fits the models to a summary, and adjusts them by what was learned on past windows. */
export function fitModels(
  summary: Summary,
  { asOfDay, horizonDays, season }: When,
  learned: Learned,
): Fitted {
  const { chosen, weights } = learned;
  const timeScale = timeScaleOf(summary, asOfDay, season);
  const histories = compressHistories(timeScale.summary);
  const [likelihood, ...others] = chosen.map((name) => fitCandidate(name, histories));
  const plain: Models = {
    asOfDay,
    horizonDays,
    likelihood,
    others,
    weights,
    season,
    recalibration: null,
    spend: fitSpend(summary),
    blend: { pastWeight: 0, scale: 1 },
    ordersScale: 1,
    amountScale: 1,
    spendLevel: null,
    intervalLevel: null,
    nextOrderLevels: null,
  };
  const unadjusted = expectations(summary, plain);
  return learned.tested
    ? adjusted(summary, { models: plain, predictions: unadjusted }, learned)
    : { models: plain, predictions: unadjusted };
}

/**
 * Adjusts the models and their predictions by what was learned; bit-identical to `expectations`.
 */
function adjusted(
  summary: Summary,
  { models: plain, predictions: unadjusted }: Fitted,
  learned: Learned,
) {
  const ordersScale = Math.exp(learned.level + learned.ordersLevel);
  const amountScale = Math.exp(learned.amountLevel - learned.ordersLevel);
  const recalibration = levelled(summary, unadjusted.buyProbability, learned);
  const recalibrated = new Recalibrated(recalibration, summary);
  const probability = unadjusted.buyProbability.map((buys, i) => recalibrated.probability(i, buys));
  const orders = unadjusted.expectedOrders.map((each) => ordersScale * each);
  const purchases = summary.frequency.map((x) => x + 1);
  const modelSpend = orders.map(
    (each, i) => amountScale * (each * meanSpend(plain.spend, purchases[i], summary.meanSpend[i])),
  );
  const past = summary.meanSpend.map((mean, i) => purchases[i] * mean);
  const blend = blendOf(modelSpend, past, learned.pastWeight);
  const value = modelSpend.map((spend, i) => valueOf(blend, spend, past[i]));
  const spendLevel = levelOfValues({ value, modelSpend, probability }, learned.spendSlopes);
  const { intervalLevel, nextOrderLevels } = learned;
  const adjustments = {
    recalibration,
    ordersScale,
    amountScale,
    blend,
    spendLevel,
    intervalLevel,
    nextOrderLevels,
  };
  const expectedSpend = spendLevel
    ? value.map((each, i) => levelledValue(spendLevel, each, probability[i]))
    : value;
  return {
    models: { ...plain, ...adjustments },
    predictions: { buyProbability: probability, expectedOrders: orders, expectedSpend },
  };
}
