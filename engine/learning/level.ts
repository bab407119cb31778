/** Buyers of a past window beside those that the models, fitted at its beginning, expected. */
export type LevelSeen = { buyers: number; expected: number };

export type LevelWindows = {
  /** The last 30 days; null where the store is too young. */
  recent: LevelSeen | null;
  /** The horizon's length, a year ago; null where the store is too young. */
  yearAgo: LevelSeen | null;
  /** How old the store was a year ago, in days; not above 0 where it was not. */
  ageThen: number;
};

/** How much of what the last 30 days, and the same days a year ago, showed is believed. */
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
/** Buyers at which half of what a window shows is believed. */
const HALF_BELIEVED = 30;
/** The level is not moved by more than this, in logarithms. */
const MOST = 0.7;

/** The store was old enough a year ago, in days, for what happened then to be taken at its word. */
const OLD_ENOUGH = 180;

/**
 * By how much the models' level, ln Σp, is moved: a shrunken part of what the store's last 30 days,
 * and the same days a year ago, showed it to be off.
 *
 * Before a year has been seen season and level cannot be told apart: then a good month does not raise
 * the level (a first Christmas would be taken for growth), nor does a bad one lower it. Both gain
 * their whole weight while the store comes to have been half a year old a year ago.
 */
export function levelOf({ recent, yearAgo, ageThen }: LevelWindows, horizonDays: number): number {
  const known = Math.min(1, Math.max(0, ageThen / OLD_ENOUGH));
  const now = recent ? off(recent) : 0;
  const then = yearAgo ? off(yearAgo) : 0;
  const moved =
    known * (shareAt(RECENT, horizonDays) * now + shareAt(YEAR_AGO, horizonDays) * then);
  // JSON, in which a fit is kept, knows no −0.
  return Math.min(MOST, Math.max(-MOST, moved)) + 0;
}

/** So many of the last days come in night after night; an even number. */
export const RAMP_DAYS = 8;

/**
 * Buyers within a window of a length that is drawn from its days less 0 to `RAMP_DAYS`, on the mean:
 * a day comes in by an eighth a night, so that a sale moves no level at once.
 *
 * @param byDay buyers by the day on which they first bought in the window
 */
export function steadyBuyers(byDay: Float64Array): number {
  return byDay.reduce(
    (sum, buyers, day) => sum + buyers * Math.min(1, (byDay.length - day - 0.5) / RAMP_DAYS),
    0,
  );
}

/** ln of buyers over expected ones, less believed the fewer there were. */
function off({ buyers, expected }: LevelSeen): number {
  return (Math.log((buyers + 2) / (expected + 2)) * buyers) / (buyers + HALF_BELIEVED);
}

/** Between the horizons it was measured at: along the logarithm of the days. */
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
