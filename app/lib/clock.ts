/** A `Date` header has whole seconds, and an answer takes its time: less than this is no difference. */
const TOLERANCE_MS = 5_000;

/**
 * How far the clock of whoever sent a `Date` header is ahead of ours.
 *
 * @param ourMs when the header came, milliseconds since 1970
 * @returns milliseconds, 0 when the two agree; null when the header is missing or no time
 */
export function offsetOf(dateHeader: string | null, ourMs: number): number | null {
  const theirMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(theirMs)) return null;
  const offset = theirMs - ourMs;
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset;
}
