const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

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
