import {
  type IntervalLesson,
  type IntervalLevel,
  learnIntervals,
} from "../spend/interval-level.ts";
import { fitSpend } from "../spend/spend.ts";
import {
  learnSpendSlopes,
  levelledValue,
  levelOfValues,
  type SpendSlopes,
  type Values,
} from "../spend/spend-level.ts";
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

/** With fewer buyers, or others, than this in a window nothing is learned from it of how values add up. */
const THIN = 100;

/** What past windows, newest first, teach of spend. */
export function learnSpend(windows: PastWindow[], models: Models): Spending {
  const seen = windows.map((window) => spendIn(window, models));
  const pastWeight = choosePastWeight(seen);
  const heard = seen.filter(({ window }) => fewerOf(window) >= THIN);
  const lessons = heard.map((one) => {
    const { window, modelSpend, pastSpend } = one;
    const said = probabilitiesOf(window, models);
    const probability = recalibrate(window.traced(), said, { ...models, level: 0 });
    const value = modelSpend.map((each, i) => blended(each, pastSpend[i], pastWeight));
    return { ...one, value, probability };
  });
  if (lessons.length === 0) return { pastWeight, spendSlopes: null, intervalLevel: null };
  const spendSlopes = learnSpendSlopes(
    lessons.map((one) => ({ ...one, value: addedUp(one, null) })),
  );
  const intervalLevel = learnIntervals(
    lessons.flatMap((one) => intervalLessons(one, addedUp(one, spendSlopes), models)),
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

/** What the models expected of each customer before a window, beside what was spent. */
function spendIn(window: PastWindow, models: Models): Seen {
  const { summary, outcomes } = window;
  const mean = window.meanSpend();
  const said = expectedOrdersOf(window, models);
  const [ofOrders, ofAmounts] = [models.ordersLevel, models.amountLevel].map(Math.exp);
  return {
    window,
    orders: said.map((count) => ofOrders * count),
    modelSpend: said.map((count, i) => ofAmounts * count * mean[i]),
    pastSpend: summary.meanSpend.map((each, i) => each * (summary.frequency[i] + 1)),
    spent: outcomes.spend,
  };
}

function addedUp(values: Values, slopes: SpendSlopes | null): Float64Array {
  const level = levelOfValues(values, slopes);
  if (!level) return values.value;
  return values.value.map((value, i) => levelledValue(level, value, values.probability[i]));
}

function intervalLessons(
  { window, orders, probability, spent }: Seen & Values,
  value: Float64Array,
  { chosen, weights }: Models,
): IntervalLesson[] {
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
