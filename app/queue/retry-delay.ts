const FIRST_MINUTES = 10;
const GROWTH = 3;
const MOST_MINUTES = 24 * 60;

/**
 * How long a task is left alone after its job was given up: 10 minutes, half an hour, an hour and a
 * half … a day.
 *
 * @param timesParked how many jobs in a row were given up, this one included: from 1
 */
export function parkedMinutes(timesParked: number): number {
  return Math.min(MOST_MINUTES, FIRST_MINUTES * GROWTH ** (timesParked - 1));
}
