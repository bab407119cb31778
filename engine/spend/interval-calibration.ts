import { normalQuantile } from "../maths/quantiles.ts";
import type { Spread } from "./spend-spread.ts";

/**
 * Shifts of the bounds of spend intervals, in standard deviations of ln spend: of the upper bound
 * at each likelihood of `KNOTS`, and of the lower bound, learned where P(buy) is above 90 %.
 */
export type IntervalLevel = { above: number[]; below: number };

export const LOW = 0.1;
export const HIGH = 0.9;

/**
 * Likelihoods between which the shift is interpolated, and the bands of customers they are learned
 * on.
 */
const KNOTS = [0.15, 0.4, 0.8];
const BANDS = [LOW, 0.2, 0.6, 1];
/** Shrinkage: with this many customers the shift of a band counts half. */
const HALF_WEIGHT = 200;

/** A customer of a past window: predicted likelihood and spread, and actual spend. */
export type IntervalSample = { buys: number; spread: Spread; spent: number };

/** The shifts at which a tenth of the customers lay above the upper, and below the lower bound. */
export function learnIntervals(samples: IntervalSample[]): IntervalLevel {
  const above = KNOTS.map((_, band) => {
    const within = samples.filter(
      ({ buys }) => buys > BANDS[band] && (buys <= BANDS[band + 1] || band === KNOTS.length - 1),
    );
    return shiftTo(within, HIGH);
  });
  const sure = samples.filter(({ buys }) => buys > HIGH);
  return { above, below: shiftTo(sure, LOW) };
}

/**
 * The shift of a bound at which that share of customers lies below it, shrunk to 0 for few
 * customers.
 */
function shiftTo(samples: IntervalSample[], share: number): number {
  if (samples.length === 0) return 0;
  const beyond = Float64Array.from(samples, ({ buys, spread, spent }) => {
    if (!(spent > 0) || !(spread.mean > 0)) return -FAR;
    const { mean, deviation } = spread;
    const position = (Math.log(spent / mean) + (deviation * deviation) / 2) / deviation;
    return Math.min(FAR, Math.max(-FAR, position - normalQuantile(amongBuyers(share, buys))));
  }).sort();
  const seen = beyond[Math.min(beyond.length - 1, Math.floor(share * beyond.length))];
  const weight = samples.length / (samples.length + HALF_WEIGHT);
  return weight * Math.min(MAX_SHIFT, Math.max(-MAX_SHIFT, seen)) + 0;
}

const FAR = 20;
/** Largest shift, in standard deviations. */
const MAX_SHIFT = 1.5;

/**
 * The quantile level among buyers that is level `share` among all customers; not above 0 where
 * non-buyers alone make up that share.
 */
export function amongBuyers(share: number, buys: number): number {
  return (share - (1 - buys)) / buys;
}

/** The shift of the upper bound at a likelihood. */
export function shiftAbove({ above }: IntervalLevel, buys: number): number {
  if (buys <= KNOTS[0]) return above[0];
  for (let i = 1; i < KNOTS.length; i++) {
    if (buys > KNOTS[i]) continue;
    const along = (buys - KNOTS[i - 1]) / (KNOTS[i] - KNOTS[i - 1]);
    return above[i - 1] + along * (above[i] - above[i - 1]);
  }
  return above[KNOTS.length - 1];
}
