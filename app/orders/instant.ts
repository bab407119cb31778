const ZERO = 0x30;
const NINE = 0x39;

/** Zeros stand for any digits. */
const SHAPE = Buffer.from('"0000-00-00T00:00:00Z"');
export const INSTANT_BYTES = SHAPE.length;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FIRST_YEAR = 1970;
const YEARS = 200;
/** Instants at which months begin. */
const months = Float64Array.from({ length: YEARS * 12 }, (_, month) =>
  Date.UTC(FIRST_YEAR, month, 1),
);

/**
 * Reads a time as Shopify writes it into JSON, `"2026-01-31T23:59:59Z"`.
 *
 * @returns milliseconds since 1970; NaN for anything else, and for the 29th of February
 */
export function readInstant(bytes: Uint8Array, at: number): number {
  if (!hasShape(bytes, at)) return NaN;
  const year = two(bytes, at + 1) * 100 + two(bytes, at + 3);
  const month = two(bytes, at + 6) - 1;
  const day = two(bytes, at + 9);
  const hour = two(bytes, at + 12);
  const minute = two(bytes, at + 15);
  const second = two(bytes, at + 18);
  const index = (year - FIRST_YEAR) * 12 + month;
  if (index < 0 || index >= months.length || month < 0 || month > 11) return NaN;
  if (day < 1 || day > DAYS_OF_MONTH[month]) return NaN;
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  return months[index] + (((day - 1) * 24 + hour) * 3600 + minute * 60 + second) * 1000;
}

function hasShape(bytes: Uint8Array, from: number): boolean {
  let at = from;
  for (const expected of SHAPE) {
    const found = bytes[at];
    if (expected === ZERO ? !isDigit(found) : found !== expected) return false;
    at += 1;
  }
  return true;
}

function two(bytes: Uint8Array, at: number): number {
  return (bytes[at] - ZERO) * 10 + bytes[at + 1] - ZERO;
}

/** Whether a byte is there, and a digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
