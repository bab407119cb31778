/** How far ahead the next order is looked for, in days. */
export const REACH = 365;

/** Days after the as-of day between which the next order is expected. */
export type NextOrder = { from: number; to: number };

/**
 * Quantile levels of the wait, given an order within 365 days, at which the window begins and ends.
 */
export type NextOrderLevels = { from: number; to: number };

/** The middle half. */
export const QUARTERS: NextOrderLevels = { from: 0.25, to: 0.75 };

/**
 * The 25–75 % range of the next order, given that one comes within 365 days, rounded outward to
 * whole days; null where that has probability below one half.
 *
 * @param buy P(at least one order within that many whole days), rising.
 * @param levels quartiles as recalibrated on the store's past (`learnNextOrder`)
 */
export function nextOrder(buy: (days: number) => number, levels = QUARTERS): NextOrder | null {
  const reach = buy(REACH);
  if (!(reach >= 0.5)) return null;
  const first = firstAbove(buy, levels.from * reach, [0, REACH]);
  return {
    from: first - 1,
    to: firstAbove(buy, levels.to * reach, [first - 1, REACH]),
  };
}

/** The first day on which more than `level` is reached: above the lower, at most the upper end. */
function firstAbove(buy: (days: number) => number, level: number, ends: [number, number]): number {
  let [below, above] = ends;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (buy(middle) > level) above = middle;
    else below = middle;
  }
  return above;
}
