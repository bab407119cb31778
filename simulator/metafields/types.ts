/** Why a value does not fit its type; `element` is the index in a list. */
type ValueProblem = { message: string; element: number | null };

type Check = (value: string, currency: string) => string | undefined;

const longestList = 128;
const decimalLimit = 9_999_999_999_999;

function check(good: boolean, message: string): string | undefined {
  return good ? undefined : message;
}

const checks: Record<string, Check> = {
  single_line_text_field: (value) =>
    check(!/[\r\n]/.test(value), "Value must be a single line text string."),
  multi_line_text_field: () => undefined,
  number_integer: (value) => check(/^[+-]?\d+$/.test(value), "Value must be an integer."),
  number_decimal: (value) => {
    if (!/^[+-]?\d+(\.\d+)?$/.test(value)) return "Value must be a decimal.";
    return check(Math.abs(Number(value)) <= decimalLimit, `Value can't exceed ${decimalLimit}.`);
  },
  boolean: (value) => check(value === "true" || value === "false", "Value must be true or false."),
  color: (value) => check(/^#[0-9a-fA-F]{6}$/.test(value), "Value must be a hex color code."),
  date: (value) => check(isDate(value), "Value must be in YYYY-MM-DD format."),
  date_time: (value) =>
    check(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(value) &&
        isDate(value.slice(0, 10)),
      "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00",
    ),
  url: (value) =>
    check(
      /^(https?|mailto|sms|tel):/.test(value),
      `Value cannot have an empty scheme (protocol), must include one of the following URL schemes: ["http", "https", "mailto", "sms", "tel"].'`,
    ),
  json: (value) => {
    try {
      JSON.parse(value);
      return undefined;
    } catch (error) {
      return `Value is invalid JSON: ${error instanceof Error ? error.message : "unreadable"}.`;
    }
  },
  money: (value, currency) =>
    check(
      isMoney(value, currency),
      "Value must be a stringified JSON object with amount (numeric) and currency_code (string matching the shop's currency) fields.",
    ),
};

const categories: Record<string, string> = {
  single_line_text_field: "TEXT",
  multi_line_text_field: "TEXT",
  number_integer: "NUMBER",
  number_decimal: "NUMBER",
  boolean: "TRUE_FALSE",
  color: "COLOR",
  date: "DATE_TIME",
  date_time: "DATE_TIME",
  url: "URL",
  json: "JSON",
  money: "MONEY",
};

/** Types whose values the admin can filter by. */
const filterable = new Set([
  "single_line_text_field",
  "number_integer",
  "number_decimal",
  "boolean",
  "date",
  "date_time",
  "list.single_line_text_field",
]);

function itemType(type: string): string {
  return type.startsWith("list.") ? type.slice("list.".length) : type;
}

/** False for types Shopify has and the simulator does not (references, measures, ratings, rich text). */
export function isKnownType(type: string): boolean {
  return Object.hasOwn(checks, itemType(type));
}

export function categoryOf(type: string): string {
  return categories[itemType(type)] ?? "TEXT";
}

export function isFilterable(type: string): boolean {
  return filterable.has(type);
}

/** Undefined if the value, a string whatever the type, is good. */
export function valueProblem(
  type: string,
  value: string,
  currency: string,
): ValueProblem | undefined {
  if (value.trim() === "") return { message: "Value can't be blank.", element: null };
  const checkOne = checks[itemType(type)];
  if (checkOne === undefined) return { message: `Type '${type}' is not simulated.`, element: null };
  if (!type.startsWith("list.")) {
    const message = checkOne(value, currency);
    return message === undefined ? undefined : { message, element: null };
  }
  const items = readList(value);
  if (items === undefined) return { message: "Value must be an array.", element: null };
  if (items.length > longestList) {
    return { message: `Value has more than ${longestList} elements.`, element: null };
  }
  for (const [element, item] of items.entries()) {
    const message = checkOne(typeof item === "string" ? item : JSON.stringify(item), currency);
    if (message !== undefined) return { message, element };
  }
  return undefined;
}

function readList(value: string): unknown[] | undefined {
  try {
    const items: unknown = JSON.parse(value);
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isMoney(value: string, currency: string): boolean {
  try {
    const held: unknown = JSON.parse(value);
    if (typeof held !== "object" || held === null) return false;
    const { amount, currency_code: code } = held as Record<string, unknown>;
    return /^-?\d+(\.\d+)?$/.test(String(amount)) && code === currency;
  } catch {
    return false;
  }
}
