import {
  type IntervalLevel,
  type IntervalSample,
  learnIntervals,
} from "../spend/interval-calibration.ts";
import { fitSpend } from "../spend/mean-spend.ts";
import {
  learnSpendSlopes,
  levelledValue,
  levelOfValues,
  type SpendSlopes,
  type Values,
} from "../spend/spend-calibration.ts";
import { shapeOf, spreadOf } from "../spend/spend-spread.ts";
import { blended, choosePastWeight } from "../spend/value.ts";
import { fewerOf, type PastWindow } from "./past-windows.ts";
import { recalibrate, type Recalibration } from "./recalibration.ts";
import type { Levels, WeightedModels } from "./weighted-models.ts";
import { expectedOrdersOf, probabilitiesOf } from "./window-predictions.ts";

type Spending = {
  pastWeight: number;
  spendSlopes: SpendSlopes | null;
  intervalLevel: IntervalLevel | null;
};
type Models = WeightedModels & Levels & { recalibration: Recalibration | null };

/**
 * Windows with fewer buyers, or fewer non-buyers, are not used to calibrate values and intervals.
 */
const MIN_BUYERS = 100;

/** Estimates the parameters of spend on past windows, newest first. */
export function learnSpend(windows: PastWindow[], models: Models): Spending {
  const seen = windows.map((window) => spendIn(window, models));
  const pastWeight = choosePastWeight(seen);
  const usable = seen.filter(({ window }) => fewerOf(window) >= MIN_BUYERS);
  const calibrations = usable.map((one) => {
    const { window, modelSpend, pastSpend } = one;
    const predicted = probabilitiesOf(window, models);
    const probability = recalibrate(window.traced(), predicted, { ...models, level: 0 });
    const value = modelSpend.map((each, i) => blended(each, pastSpend[i], pastWeight));
    return { ...one, value, probability };
  });
  if (calibrations.length === 0) return { pastWeight, spendSlopes: null, intervalLevel: null };
  const spendSlopes = learnSpendSlopes(
    calibrations.map((one) => ({ ...one, value: calibrated(one, null) })),
  );
  const intervalLevel = learnIntervals(
    calibrations.flatMap((one) => intervalSamples(one, calibrated(one, spendSlopes), models)),
  );
  return { pastWeight, spendSlopes, intervalLevel };
}

type Seen = {
  window: PastWindow;
  orders: Float64Array;
  modelSpend: Float64Array;
  pastSpend: Float64Array;
  spent: Float64Array;
};

/** What the models expected of each customer before a window, and what was spent. */
function spendIn(window: PastWindow, models: Models): Seen {
  const { summary, outcomes } = window;
  const mean = window.meanSpend();
  const predicted = expectedOrdersOf(window, models);
  const [ofOrders, ofAmounts] = [models.ordersLevel, models.amountLevel].map(Math.exp);
  return {
    window,
    orders: predicted.map((count) => ofOrders * count),
    modelSpend: predicted.map((count, i) => ofAmounts * count * mean[i]),
    pastSpend: summary.meanSpend.map((each, i) => each * (summary.frequency[i] + 1)),
    spent: outcomes.spend,
  };
}

function calibrated(values: Values, slopes: SpendSlopes | null): Float64Array {
  const level = levelOfValues(values, slopes);
  if (!level) return values.value;
  return values.value.map((value, i) => levelledValue(level, value, values.probability[i]));
}

function intervalSamples(
  { window, orders, probability, spent }: Seen & Values,
  value: Float64Array,
  { chosen, weights }: Models,
): IntervalSample[] {
  const model = {
    spend: fitSpend(window.summary),
    shape: shapeOf(chosen.map(window.fit), weights),
  };
  return Array.from(value, (spend, i) => {
    const frequency = window.summary.frequency[i];
    const buys = probability[i];
    return {
      buys,
      spread: spreadOf(model, { frequency, buys, orders: orders[i], spend }),
      spent: spent[i],
    };
  });
}
