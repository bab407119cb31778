/** How many weeks before the first scoring are reconstructed by default. */
export const RECONSTRUCTED_WEEKS = 13;

/**
 * The weeks still to be reconstructed, as day numbers, oldest first since each tier follows from
 * the week before.
 *
 * Counted back from the first scoring and not from today, so that an interrupted job completes the
 * same weeks on another day.
 *
 * @param count number of weeks in all
 * @param firstAsOf as-of day of the shop's first scoring that was not refused
 * @param done as-of days already reconstructed, refused ones included
 */
export function weeksToReconstruct(
  count: number,
  firstAsOf: number,
  done: readonly number[],
): number[] {
  const weeks = Array.from({ length: count }, (_, k) => firstAsOf - 7 * (count - k));
  return weeks.filter((week) => !done.includes(week));
}
