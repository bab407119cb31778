const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

const known = new Map<string, number>();

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  const digits =
    known.get(currency) ??
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      .maximumFractionDigits ??
    2;
  known.set(currency, digits);
  return digits;
}

/**
 * Shopify's decimal text in minor units, digit by digit: `toMinorUnits("55.0", 2)` is 5500. More
 * digits than the currency has are rounded, halves away from zero.
 *
 * @throws RangeError when the text is no decimal number or too large to be held exactly
 */
export function toMinorUnits(amount: string, digits: number): number {
  const match = DECIMAL.exec(amount);
  if (match === null) throw new RangeError(`"${amount}" is not a decimal amount`);
  const [, sign = "", whole = "", fraction = ""] = match;
  const kept = fraction.slice(0, digits).padEnd(digits, "0");
  const roundsUp = (fraction[digits] ?? "0") >= "5";
  const minor = Number(whole + kept) + (roundsUp ? 1 : 0);
  if (!Number.isSafeInteger(minor)) throw new RangeError(`"${amount}" is too large an amount`);
  return sign === "-" && minor !== 0 ? -minor : minor;
}
