import type { StoreFit } from "./fit.ts";
import type { Summary } from "./histories/summary.ts";
import { normalQuantile } from "./maths/quantiles.ts";
import type { Predictions } from "./predict.ts";
import { amongBuyers, HIGH, type IntervalLevel, LOW, moveAbove } from "./spend/interval-level.ts";
import { shapeOf, type Spread, spreadOf } from "./spend/spend-spread.ts";

/** What each customer spends within the horizon: one value for each row. */
export type SpendIntervals = {
  /** 80 % prediction interval; up to 0 for whom nothing is likelier than not in 9 of 10 cases. */
  low: Float64Array;
  high: Float64Array;
  /** The same, given that the customer orders at all: whose chance is the likelihood. */
  lowIfAny: Float64Array;
  highIfAny: Float64Array;
};

const UNMOVED: IntervalLevel = { above: [0, 0, 0], below: 0 };

/**
 * What a customer will have spent at the end of the horizon, in 8 of 10 cases. With probability
 * 1 − P(buy) it is nothing, otherwise lognormal (`spreadOf`); its bounds are moved to where past
 * windows showed a tenth of the customers beyond them.
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
    const above = moveAbove(moved, buys);
    out.low[i] = boundAt(spread, amongBuyers(LOW, buys), moved.below);
    out.high[i] = Math.max(out.low[i], boundAt(spread, amongBuyers(HIGH, buys), above));
    out.lowIfAny[i] = boundAt(spread, LOW, moved.below);
    out.highIfAny[i] = Math.max(out.lowIfAny[i], boundAt(spread, HIGH, above));
  }
  return out;
}

/** Nothing where that part of the buyers is none. */
function boundAt({ mean, deviation }: Spread, part: number, moved: number): number {
  if (!(part > 0) || !(mean > 0)) return 0;
  const position = normalQuantile(part) + moved;
  return mean * Math.exp(position * deviation - (deviation * deviation) / 2);
}
