/** The days until a customer's next order, given one within a year. */
export type Wait = {
  /** First and last day of the window that holds the middle half, from the as-of day on. */
  from: number;
  to: number;
};

/** How far ahead next orders are looked for, in days. */
const REACH = 365;

/**
 * The share of next orders that have come after so many days, between the quarters that the window
 * gives: even before it and inside, and falling off behind it as it stands at its end. All have come
 * after a year.
 */
export function shareWithin({ from, to }: Wait, days: number): number {
  if (days <= 0) return 0;
  if (days < from) return (0.25 * days) / from;
  if (days < to) return 0.25 + (0.5 * (days - from)) / (to - from);
  if (days >= REACH) return 1;
  // Twice the mean density of the window: what continues it for the quarter that is left.
  const rate = 2 / (to - from);
  const left = (days: number) => Math.exp(-rate * (days - to));
  return 1 - (0.25 * (left(days) - left(REACH))) / (1 - left(REACH));
}

/**
 * The probability that the next order comes within a year, from that of an order within the horizon.
 */
export function yearly(wait: Wait, { horizonDays, probability }: Known): number {
  return Math.min(1, probability / shareWithin(wait, horizonDays));
}

/** The probability of an order within the horizon. */
type Known = { horizonDays: number; probability: number };
