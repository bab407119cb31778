import type { Calendar } from "./calendar.ts";
import type { Comparison, Condition, Literal } from "./query.ts";

/** The value of an attribute of one customer; null where there is none. */
export type Test<V> = (value: V | null) => boolean;

/**
 * A missing value is neither equal to, less than nor greater than anything, but it differs from everything:
 * Shopify documents that != and NOT CONTAINS keep customers without a value.
 */
function orNull<V>(condition: Condition, test: (value: V) => boolean): Test<V> {
  if (condition.kind === "null") {
    const wanted = condition.negated;
    return (value) => (value !== null) === wanted;
  }
  const missing = condition.kind === "compare" && condition.operator === "!=";
  return (value) => (value === null ? missing : test(value));
}

function holds(operator: Comparison, difference: number): boolean {
  switch (operator) {
    case "=":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
  }
}

export function numberTest(condition: Condition): Test<number> {
  if (condition.kind === "between") {
    const [from, to] = [numberOf(condition.from), numberOf(condition.to)];
    return orNull(condition, (value) => value >= from && value <= to);
  }
  if (condition.kind !== "compare") return orNull(condition, misread);
  const wanted = numberOf(condition.value);
  const { operator } = condition;
  return orNull(condition, (value) => holds(operator, value - wanted));
}

/** Values are wall times. A day is one value: only the next day is later than it. */
export function dateTest(condition: Condition, calendar: Calendar): Test<number> {
  const span = (literal: Literal) =>
    literal.kind === "date" || literal.kind === "offset" ? calendar.spanOf(literal) : misread();
  if (condition.kind === "between") {
    const { startMs } = span(condition.from);
    const { endMs } = span(condition.to);
    return orNull(condition, (value) => value >= startMs && value < endMs);
  }
  if (condition.kind !== "compare") return orNull(condition, misread);
  const { startMs, endMs } = span(condition.value);
  const { operator } = condition;
  return orNull(condition, (value) =>
    holds(operator, value < startMs ? -1 : value >= endMs ? 1 : 0),
  );
}

/** Texts, enums and booleans: exact equality. */
export function equalityTest(condition: Condition): Test<string> {
  if (condition.kind !== "compare") return orNull(condition, misread);
  const wanted = "value" in condition.value ? String(condition.value.value) : misread();
  const { operator } = condition;
  return orNull(condition, (value) => (value === wanted) === (operator === "="));
}

/** Lists of texts are searched ignoring case, lists of numbers by value. */
export function listTest(condition: Condition): (items: readonly string[]) => boolean {
  if (condition.kind === "null") {
    const { negated } = condition;
    return (items) => items.length > 0 === negated;
  }
  if (condition.kind !== "contains") return misread();
  const { negated, value } = condition;
  if (value.kind === "number") {
    return (items) => items.some((item) => Number(item) === value.value) !== negated;
  }
  const wanted = value.kind === "string" ? value.value.toLowerCase() : misread();
  return (items) => items.some((item) => item.toLowerCase() === wanted) !== negated;
}

function numberOf(literal: Literal): number {
  return literal.kind === "number" ? literal.value : misread();
}

/** The parser refuses such conditions. */
function misread(): never {
  throw new Error("A condition does not fit the type of its filter");
}
