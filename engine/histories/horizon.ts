/** The horizons a merchant may choose, in days. */
export const horizons = [30, 90, 180, 365] as const;
export type HorizonDays = (typeof horizons)[number];

/** Median gaps that a horizon should cover: an active customer usually buys within two to three. */
const GAPS = 2.5;

/**
 * The horizon that suits a store: two to three median gaps between purchases, rounded (in ratio) to
 * 30, 90, 180 or 365 days. Never longer than half of the history, so that a window of that length
 * can be tested on the store itself; 90 days when nobody has come back yet.
 */
export function defaultHorizon(medianGapDays: number | null, historyDays: number): HorizonDays {
  const wished = medianGapDays === null ? 90 : Math.max(1, GAPS * medianGapDays);
  let best: HorizonDays = 30;
  for (const horizon of horizons) {
    const closer = Math.abs(Math.log(horizon / wished)) < Math.abs(Math.log(best / wished));
    if (closer && 2 * horizon <= historyDays) best = horizon;
  }
  return best;
}
