const ZERO = 0x30;
const NINE = 0x39;

const QUOTE = 0x22;
const DASH = 0x2d;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
export const INSTANT_BYTES = '"2026-01-31T23:59:59Z"'.length;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FIRST_YEAR = 1970;
const YEARS = 200;
/** The start of each month, in milliseconds since 1970. */
const months = Float64Array.from({ length: YEARS * 12 }, (_, month) =>
  Date.UTC(FIRST_YEAR, month, 1),
);

/**
 * Parses a quoted time as Shopify writes it, `"2026-01-31T23:59:59Z"`.
 *
 * @returns milliseconds since 1970; NaN for anything else, and for 29 February, which is left to
 * the JSON parser
 */
export function readInstant(bytes: Uint8Array, at: number): number {
  if (!hasSeparators(bytes, at)) return NaN;
  const year = two(bytes, at + 1) * 100 + two(bytes, at + 3);
  const month = two(bytes, at + 6) - 1;
  const day = two(bytes, at + 9);
  const hour = two(bytes, at + 12);
  const minute = two(bytes, at + 15);
  const second = two(bytes, at + 18);
  const index = (year - FIRST_YEAR) * 12 + month;
  // NaN fails each of these comparisons.
  if (!(index >= 0 && index < months.length && month >= 0 && month < 12)) return NaN;
  if (!(day >= 1 && day <= DAYS_OF_MONTH[month])) return NaN;
  if (!(hour < 24 && minute < 60 && second < 60)) return NaN;
  return months[index] + (((day - 1) * 24 + hour) * 3600 + minute * 60 + second) * 1000;
}

/** Whether quotes and separators are in place. */
function hasSeparators(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === QUOTE &&
    bytes[at + 5] === DASH &&
    bytes[at + 8] === DASH &&
    bytes[at + 11] === LETTER_T &&
    bytes[at + 14] === COLON &&
    bytes[at + 17] === COLON &&
    bytes[at + 20] === LETTER_Z &&
    bytes[at + 21] === QUOTE
  );
}

/** @returns NaN when these are not two digits */
function two(bytes: Uint8Array, at: number): number {
  if (!isDigit(bytes[at]) || !isDigit(bytes[at + 1])) return NaN;
  return (bytes[at] - ZERO) * 10 + bytes[at + 1] - ZERO;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
