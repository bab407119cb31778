/** Tolerance for whole seconds in the `Date` header and the duration of the reply. */
const TOLERANCE_MS = 5_000;

/**
 * How far the clock of a `Date` header's sender is ahead of ours.
 *
 * @param ourMs when the header arrived, milliseconds since 1970
 * @returns milliseconds, 0 within the tolerance; null when the header is missing or invalid
 */
export function offsetOf(dateHeader: string | null, ourMs: number): number | null {
  const theirMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(theirMs)) return null;
  const offset = theirMs - ourMs;
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset;
}
