import { valueReaders, type ValueRules } from "#simulator/metafields/values.ts";

/** The value to store, or why it does not fit its type; `element` is the index in a list. */
export type ReadValue = { value: string } | { problem: string; element: number | null };

const longestList = 128;

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

/** Types that the admin and segments can filter by. */
const filterable = new Set([
  "single_line_text_field",
  "number_integer",
  "number_decimal",
  "boolean",
  "date",
  "date_time",
  "list.single_line_text_field",
  "list.number_integer",
  "list.number_decimal",
]);

/** Types that can have unique values. */
const unique = new Set(["single_line_text_field", "number_integer", "url"]);

function itemType(type: string): string {
  return type.startsWith("list.") ? type.slice("list.".length) : type;
}

/** False for types that the simulator does not implement (references, measures, ratings, rich text). */
export function isKnownType(type: string): boolean {
  return Object.hasOwn(valueReaders, itemType(type));
}

export function categoryOf(type: string): string {
  return categories[itemType(type)] ?? "TEXT";
}

export function isFilterable(type: string): boolean {
  return filterable.has(type);
}

export function canBeUnique(type: string): boolean {
  return unique.has(type);
}

/** @param value a string for every type */
export function readValue(type: string, value: string, rules: ValueRules): ReadValue {
  if (value.trim() === "") return { problem: "Value can't be blank.", element: null };
  const readOne = valueReaders[itemType(type)];
  if (readOne === undefined) return { problem: `Type '${type}' is not simulated.`, element: null };
  if (!type.startsWith("list.")) return { element: null, ...readOne(value, rules) };
  const items = readList(value);
  if (items === undefined) return { problem: "Value must be an array.", element: null };
  if (items.length > longestList) {
    return { problem: `Value has more than ${longestList} elements.`, element: null };
  }
  for (const [element, item] of items.entries()) {
    const read = readOne(typeof item === "string" ? item : JSON.stringify(item), rules);
    if ("problem" in read) return { problem: read.problem, element };
  }
  return { value };
}

function readList(value: string): unknown[] | undefined {
  try {
    const items: unknown = JSON.parse(value);
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}
