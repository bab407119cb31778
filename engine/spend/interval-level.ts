import { normalQuantile } from "../maths/quantiles.ts";
import type { Spread } from "./spend-spread.ts";

/**
 * How far the upper bound is moved, in deviations of the logarithm, at each likelihood of `KNOTS`, and
 * the lower bound of those who are nearly sure to buy.
 */
export type IntervalLevel = { above: number[]; below: number };

export const LOW = 0.1;
export const HIGH = 0.9;

/** Likelihoods between which the move is drawn straight, and the bands that they stand for. */
const KNOTS = [0.15, 0.4, 0.8];
const BANDS = [LOW, 0.2, 0.6, 1];
/** Customers at which half of what a band showed is believed. */
const HALF_BELIEVED = 200;

/** A customer of a past window: likelihood and spread beforehand, and what was spent. */
export type IntervalLesson = { buys: number; spread: Spread; spent: number };

/** The move under which a tenth of the customers of each band had spent more, and less. */
export function learnIntervals(lessons: IntervalLesson[]): IntervalLevel {
  const above = KNOTS.map((_, band) => {
    const within = lessons.filter(
      ({ buys }) => buys > BANDS[band] && (buys <= BANDS[band + 1] || band === KNOTS.length - 1),
    );
    return moveTo(within, HIGH);
  });
  const sure = lessons.filter(({ buys }) => buys > HIGH);
  return { above, below: moveTo(sure, LOW) };
}

/** By how much a bound must move for that share to lie below it, shrunk where few tell. */
function moveTo(lessons: IntervalLesson[], share: number): number {
  if (lessons.length === 0) return 0;
  const beyond = Float64Array.from(lessons, ({ buys, spread, spent }) => {
    if (!(spent > 0) || !(spread.mean > 0)) return -FAR;
    const { mean, deviation } = spread;
    const position = (Math.log(spent / mean) + (deviation * deviation) / 2) / deviation;
    return Math.min(FAR, Math.max(-FAR, position - normalQuantile(amongBuyers(share, buys))));
  }).sort();
  const seen = beyond[Math.min(beyond.length - 1, Math.floor(share * beyond.length))];
  const believed = lessons.length / (lessons.length + HALF_BELIEVED);
  return believed * Math.min(MOST, Math.max(-MOST, seen)) + 0;
}

const FAR = 20;
/** No bound is moved by more deviations. */
const MOST = 1.5;

/** Which part of the buyers spends less, where that part of all customers does; below 0 for none. */
export function amongBuyers(share: number, buys: number): number {
  return (share - (1 - buys)) / buys;
}

/** The move of the upper bound at a likelihood. */
export function moveAbove({ above }: IntervalLevel, buys: number): number {
  if (buys <= KNOTS[0]) return above[0];
  for (let i = 1; i < KNOTS.length; i++) {
    if (buys > KNOTS[i]) continue;
    const along = (buys - KNOTS[i - 1]) / (KNOTS[i] - KNOTS[i - 1]);
    return above[i - 1] + along * (above[i] - above[i - 1]);
  }
  return above[KNOTS.length - 1];
}
