/** Buyers of a past window, and how many the models, fitted at its beginning, expected. */
export type LevelSeen = { buyers: number; expected: number };

export type LevelWindows = {
  /** The last 30 days; null where the store is too young. */
  recent: LevelSeen | null;
  /** The horizon's length, a year ago; null where the store is too young. */
  yearAgo: LevelSeen | null;
  /** Age of the store a year ago, in days; 0 or less where it did not exist. */
  ageThen: number;
};

/** Weights of the errors of the last 30 days, and of the window a year ago, by horizon. */
const RECENT: [days: number, share: number][] = [
  [30, 0.45],
  [90, 0.3],
  [180, 0.2],
  [365, 0],
];
const YEAR_AGO: [days: number, share: number][] = [
  [180, 0.5],
  [365, 0],
];
/** Shrinkage: with this many buyers the error of a window counts half. */
const HALF_WEIGHT = 30;
/** Largest change of the level, in logarithms. */
const MOST = 0.7;

/** Age a year ago, in days, from which the errors have their full weight. */
const FULL_WEIGHT_AGE = 180;

/**
 * The change of the models' level, ln Σp: the weighted, shrunken errors of the last 30 days and of
 * a window of the horizon's length a year ago.
 *
 * Before a full year has been seen, season and level cannot be told apart, so the level is not
 * changed (a first Christmas would be taken for growth). From then on the weights grow linearly,
 * and are full once the store was half a year old a year ago.
 */
export function levelOf({ recent, yearAgo, ageThen }: LevelWindows, horizonDays: number): number {
  const known = Math.min(1, Math.max(0, ageThen / FULL_WEIGHT_AGE));
  const now = recent ? shrunkenError(recent) : 0;
  const then = yearAgo ? shrunkenError(yearAgo) : 0;
  const moved =
    known * (shareAt(RECENT, horizonDays) * now + shareAt(YEAR_AGO, horizonDays) * then);
  // A fit is stored as JSON, which has no −0.
  return Math.min(MOST, Math.max(-MOST, moved)) + 0;
}

/** The number of most recent days whose weight grows night by night; even. */
export const RAMP_DAYS = 8;

/**
 * Weighted count of a window's buyers: the weight of a day grows by 1/`RAMP_DAYS` a night, so that
 * one day with many orders does not move the level at once. Its expectation is that of a window that
 * is half the ramp shorter.
 *
 * @param byDay buyers by the day of their first purchase in the window
 */
export function steadyBuyers(byDay: Float64Array): number {
  return byDay.reduce(
    (sum, buyers, day) => sum + buyers * Math.min(1, (byDay.length - day - 0.5) / RAMP_DAYS),
    0,
  );
}

/** ln(actual/expected buyers), shrunk to 0 where there were few. */
function shrunkenError({ buyers, expected }: LevelSeen): number {
  return (Math.log((buyers + 2) / (expected + 2)) * buyers) / (buyers + HALF_WEIGHT);
}

/** Interpolates linearly in ln(days) between the horizons of a table. */
function shareAt(table: [days: number, share: number][], days: number): number {
  if (days <= table[0][0]) return table[0][1];
  for (let i = 1; i < table.length; i++) {
    const [from, until] = [table[i - 1], table[i]];
    if (days > until[0]) continue;
    const along = Math.log(days / from[0]) / Math.log(until[0] / from[0]);
    return from[1] + along * (until[1] - from[1]);
  }
  return 0;
}
