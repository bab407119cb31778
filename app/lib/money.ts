const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Converts Shopify's decimal text to minor units, digit by digit: `toMinorUnits("55.0", 2)` is
 * 5500. More decimals than the currency has are rounded, halves away from zero.
 *
 * @throws RangeError when the text is no decimal number, or too large to be exact
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

/**
 * Shopify's currencies by the number of decimals in ISO 4217. Fixed here, because amounts are
 * stored in minor units: the runtime's data is meant for display and has changed between versions
 * (the forint had two digits, then none).
 *
 * Currencies that the standard has withdrawn have their last number; JEP and KID, which it never
 * listed, are like the pound and the dollar; XXX (no currency) has two.
 */
const codesByDigits: Readonly<Record<0 | 2 | 3, string>> = {
  0: "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
  2:
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD " +
    "CDF CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD " +
    "HNL HRK HTG HUF IDR ILS INR IRR JEP JMD KES KGS KHR KID KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD " +
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR " +
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STD STN SYP SZL THB TJS TMT TOP " +
    "TRY TTD TWD TZS UAH USD USDC UYU UZS VED VEF VES WST XCD XXX YER ZAR ZMW",
  3: "BHD IQD JOD KWD LYD OMR TND",
};

const known = new Map(
  Object.entries(codesByDigits).flatMap(([digits, codes]) =>
    codes.split(" ").map((code) => [code, Number(digits)] as const),
  ),
);

/** For currencies that are not listed yet: most have two. */
const USUAL = 2;

/** Currencies for which some runtime differed from the standard. */
const disputed: ReadonlySet<string> = new Set(
  (
    "AFN ALL AMD COP CRC GYD HUF IDR IQD IRR LAK LBP MGA MMK MNT MUR PKR RSD SLL SOS STD SYP TZS UZS " +
    "YER"
  ).split(" "),
);

export function isKnownCurrency(currency: string): boolean {
  return known.has(currency);
}

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  return known.get(currency) ?? USUAL;
}

/**
 * The number of digits in which amounts were stored.
 *
 * @param kept the recorded number; null for amounts from before it was recorded, when the runtime's
 * was used
 * @returns null when it cannot be known
 */
export function digitsStored(currency: string, kept: number | null): number | null {
  if (kept !== null) return kept;
  return disputed.has(currency) ? null : currencyDigits(currency);
}

/** Currencies whose amounts cannot be interpreted without the recorded number of digits. */
export const disputedCurrencies: readonly string[] = [...disputed];
