import type { StoreFit } from "./fit.ts";
import type { Summary } from "./histories/summary.ts";
import { normalQuantile } from "./maths/quantiles.ts";
import type { Predictions } from "./predict.ts";
import {
  amongBuyers,
  HIGH,
  type IntervalLevel,
  LOW,
  shiftAbove,
} from "./spend/interval-calibration.ts";
import { shapeOf, type Spread, spreadOf } from "./spend/spend-spread.ts";

/** What each customer spends within the horizon: one value for each row. */
export type SpendIntervals = {
  /** 80 % prediction interval of spend; both bounds are 0 where P(buy) is at most 10 %. */
  low: Float64Array;
  high: Float64Array;
  /** The same, given at least one order within the horizon. */
  lowIfAny: Float64Array;
  highIfAny: Float64Array;
};

const UNMOVED: IntervalLevel = { above: [0, 0, 0], below: 0 };

/**
 * 80 % prediction intervals of each customer's spend within the horizon. Spend is 0 with
 * probability 1 − P(buy), otherwise lognormal (`spreadOf`). The bounds are shifted so that in past
 * windows a tenth of the customers lay beyond each.
 */
export function spendIntervals(
  summary: Summary,
  fit: StoreFit,
  predictions: Predictions,
): SpendIntervals {
  const model = { spend: fit.spend, shape: shapeOf([fit.likelihood, ...fit.others], fit.weights) };
  const moved = fit.intervalLevel ?? UNMOVED;
  const bounds = () => new Float64Array(summary.customers);
  const out = { low: bounds(), high: bounds(), lowIfAny: bounds(), highIfAny: bounds() };
  for (let i = 0; i < summary.customers; i++) {
    const buys = predictions.buyProbability[i];
    if (!(buys > 0)) continue;
    const spread = spreadOf(model, {
      frequency: summary.frequency[i],
      buys,
      orders: predictions.expectedOrders[i],
      spend: predictions.expectedSpend[i],
    });
    const above = shiftAbove(moved, buys);
    out.low[i] = boundAt(spread, amongBuyers(LOW, buys), moved.below);
    out.high[i] = Math.max(out.low[i], boundAt(spread, amongBuyers(HIGH, buys), above));
    out.lowIfAny[i] = boundAt(spread, LOW, moved.below);
    out.highIfAny[i] = Math.max(out.lowIfAny[i], boundAt(spread, HIGH, above));
  }
  return out;
}

/** Quantile of buyers' spend at level `part`, shifted; 0 where the level is not positive. */
function boundAt({ mean, deviation }: Spread, part: number, moved: number): number {
  if (!(part > 0) || !(mean > 0)) return 0;
  const position = normalQuantile(part) + moved;
  return mean * Math.exp(position * deviation - (deviation * deviation) / 2);
}
