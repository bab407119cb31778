import { minorDigits } from "#simulator/money.ts";

/** Settings of a shop for reading values. */
export type ValueRules = {
  currency: string;
  /** Whether trailing zeros of a decimal are dropped: not recorded, so configurable. */
  trimDecimals: boolean;
};

/** The value to store, or what is wrong with it. */
export type ReadOne = { value: string } | { problem: string };

type Reader = (value: string, rules: ValueRules) => ReadOne;

const decimalLimit = 9_999_999_999_999;
const decimalPlaces = 9;
const moneyLimit = 10n ** 18n;
const schemes = ["http", "https", "mailto", "sms", "tel"];

/** A reader that keeps valid values unchanged. */
function kept(good: (value: string) => boolean, problem: string): Reader {
  return (value) => (good(value) ? { value } : { problem });
}

/** By type. Stored values are as recorded: `t` becomes `true`, `5.0` becomes `5`, decimals have nine places. */
export const valueReaders: Record<string, Reader> = {
  single_line_text_field: kept(
    (value) => !/[\r\n]/.test(value),
    "Value must be a single line text string.",
  ),
  multi_line_text_field: (value) => ({ value }),
  number_integer: (value) => {
    const [, whole] = /^\s*(-?\d+)(?:\.0+)?\s*$/.exec(value) ?? [];
    return whole === undefined ? { problem: "Value must be an integer." } : { value: whole };
  },
  number_decimal: readDecimal,
  boolean: (value) => {
    const word = value.trim().toLowerCase();
    if (["true", "t", "1"].includes(word)) return { value: "true" };
    if (["false", "f", "0"].includes(word)) return { value: "false" };
    return { problem: "Value must be true or false." };
  },
  color: kept((value) => /^#[0-9a-fA-F]{6}$/.test(value), "Value must be a hex color code."),
  date: kept(isDate, "Value must be in YYYY-MM-DD format."),
  date_time: kept(
    (value) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(value) &&
      isDate(value.slice(0, 10)),
    "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00",
  ),
  url: readUrl,
  json: (value) => {
    try {
      JSON.parse(value);
      return { value };
    } catch (error) {
      const why = error instanceof Error ? error.message : "unreadable";
      return { problem: `Value is invalid JSON: ${why}.` };
    }
  },
  money: readMoney,
};

function readDecimal(value: string, { trimDecimals }: ValueRules): ReadOne {
  const [, sign = "", whole, places = ""] = /^\s*(-?)(\d+)(?:\.(\d+))?\s*$/.exec(value) ?? [];
  if (whole === undefined) return { problem: "Value must be a decimal." };
  if (Number(whole) > decimalLimit || (Number(whole) === decimalLimit && Number(places) > 0)) {
    return { problem: `Value can't exceed ${decimalLimit}.` };
  }
  const cut = places.slice(0, decimalPlaces);
  const fraction = trimDecimals ? cut.replace(/0+$/, "") : cut;
  return { value: `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}` };
}

function readUrl(value: string): ReadOne {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(value) ?? [];
  if (scheme === undefined) {
    return {
      problem: `Value cannot have an empty scheme (protocol), must include one of the following URL schemes: ${JSON.stringify(schemes).replaceAll(",", ", ")}.'`,
    };
  }
  if (schemes.includes(scheme.toLowerCase())) return { value };
  return { problem: `Value must be one of the following URL schemes: ${schemes.join(", ")}.` };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const noMoney =
  "Value must be a stringified JSON object with amount (numeric) and currency_code (string matching the shop's currency) fields.";

function readMoney(value: string, { currency }: ValueRules): ReadOne {
  const held = readObject(value);
  if (held === undefined || !("amount" in held) || !("currency_code" in held)) {
    return { problem: noMoney };
  }
  const { amount, currency_code: code } = held;
  if (typeof code !== "string" || code === "")
    return { problem: "Value must have a currency code." };
  const [, whole] = /^-?(\d+)(\.\d+)?$/.exec(String(amount)) ?? [];
  if (whole === undefined) return { problem: "Value must have a numeric amount." };
  if (!isCurrency(code)) return { problem: `Value contains an invalid currency, ${code}.` };
  if (BigInt(whole) > moneyLimit) return { problem: `Value must be within +/-${moneyLimit}.` };
  return code === currency ? { value } : { problem: noMoney };
}

function isCurrency(code: string): boolean {
  try {
    minorDigits(code);
    return Intl.supportedValuesOf("currency").includes(code);
  } catch {
    return false;
  }
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const held: unknown = JSON.parse(text);
    if (typeof held !== "object" || held === null || Array.isArray(held)) return undefined;
    return { ...held };
  } catch {
    return undefined;
  }
}
