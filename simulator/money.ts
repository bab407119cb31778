const digits = new Map<string, number>();

/** Decimal places of a currency: 2 for GBP, 0 for JPY. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    known = format.resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

/** A Decimal as the Admin API writes it: `55.0`, `100.5`, `4.25` – never forced to two places. */
function decimal(minor: number, currency: string): string {
  const text = String(minor / 10 ** minorDigits(currency));
  return text.includes(".") ? text : `${text}.0`;
}

/** An amount as webhooks write it: `55.00`. */
export function fixedDecimal(minor: number, currency: string): string {
  const places = minorDigits(currency);
  return (minor / 10 ** places).toFixed(places);
}

type MoneyV2 = { amount: string; currencyCode: string };

export function money(minor: number, currency: string): MoneyV2 {
  return { amount: decimal(minor, currency), currencyCode: currency };
}

/** The shops sell in one currency, so both halves are the same. */
export function moneyBag(
  minor: number,
  currency: string,
): { shopMoney: MoneyV2; presentmentMoney: MoneyV2 } {
  const both = money(minor, currency);
  return { shopMoney: both, presentmentMoney: both };
}
