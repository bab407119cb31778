/** So many weeks before the first scoring are scored with what was known then, unless told otherwise. */
export const RECONSTRUCTED_WEEKS = 13;

/**
 * The weeks still to be reconstructed, oldest first, as day numbers: a customer's tier in one week
 * follows from the week before.
 *
 * They hang on the first scoring and not on today, so that work which was
 * interrupted and goes on tomorrow completes the same weeks.
 *
 * @param count how many in all
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
