/**
 * Amounts are integers (ten-thousandths), which add up exactly: sums do not depend on the order of
 * the rows, and a refund of all parts of an order leaves exactly zero. No currency has more than
 * four decimals.
 */
export const UNITS = 10_000;

/** Above this, ten-thousandths are no longer exact in a double. */
const LARGEST = Number.MAX_SAFE_INTEGER;

const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

const number = String.raw`\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d+(?:\.\d+)?[eE][+-]?\d+`;
const mark = String.raw`[$£€¥]|[A-Z]{3}`;
const MARKED = new RegExp(
  String.raw`^(?<sign>[+-])?\s?(?<before>${mark})?\s?(?<inner>[+-])?(?<number>${number})\s?(?<after>${mark})?$`,
);

/** Ten-thousandths of a plain number such as `12.50` or `-3`; NaN for anything else. */
export function readPlainAmount(text: string): number {
  return PLAIN.test(text) ? toUnits(Number(text)) : Number.NaN;
}

/**
 * An amount as people and spreadsheets write it: `£12.50`, `-12.50 EUR`, `1,234.50`, `(12.50)` for
 * minus, `1.5e3`. Null for anything else, such as a comma that may be a decimal point.
 */
export function readMarkedAmount(text: string): { units: number; mark: string | null } | null {
  const bracketed = text.startsWith("(") && text.endsWith(")");
  const parts = MARKED.exec(bracketed ? `-${text.slice(1, -1)}` : text)?.groups;
  if (!parts || (parts.sign && parts.inner) || (parts.before && parts.after)) return null;
  const units = toUnits(Number(parts.number.replaceAll(",", "")));
  if (Number.isNaN(units)) return null;
  const negative = parts.sign === "-" || parts.inner === "-";
  return { units: negative ? -units : units, mark: parts.before ?? parts.after ?? null };
}

/** What is wrong with a text that is not an amount, and what would be right. */
export function amountAdvice(text: string): string {
  if (text === "") return "is empty: every order needs an amount, such as 12.50";
  if (/^[^,]*\d,\d+[^,.]*$/.test(text)) {
    return "has a comma that may stand for a decimal point: write 1234.50";
  }
  if (PLAIN.test(text)) return "is larger than any order: is it an amount of money?";
  return "is not an amount: write a number with a decimal point, such as 12.50";
}

function toUnits(value: number): number {
  const units = Math.round(value * UNITS);
  return Math.abs(units) <= LARGEST ? units : Number.NaN;
}
