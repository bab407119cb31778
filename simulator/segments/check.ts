import { orderParameterType, type ValueType } from "./attributes.ts";
import { dateForm, literalsOf } from "./forms.ts";
import type { Condition, Literal, QueryError } from "./query.ts";
import type { Token } from "./tokens.ts";

/** A condition with the tokens it was read from, for messages that point at them. */
export type Read = { condition: Condition; operator: Token; values: Token[] };

export type ReadParameter = Read & { name: Token };

export function errorAt({ line, column }: Token, message: string): QueryError {
  return { line, column, message };
}

export function unexpected(token: Token): QueryError {
  return errorAt(token, `'${token.text}' is unexpected.`);
}

/** Errors of operators or values that do not fit the type of their filter. */
export function checkClause(type: ValueType, read: Read): QueryError[] {
  const { condition, operator, values } = read;
  if (!takesCondition(type, condition)) return [unexpected(operator)];
  const literals = literalsOf(condition);
  return values
    .filter((_, position) => {
      const literal = literals[position];
      return literal === undefined || !takesLiteral(type, literal);
    })
    .map(unexpected);
}

/** Each parameter can occur once. Only the parameters of `orders_placed` are checked. */
export function checkEvent(event: string, parameters: ReadParameter[]): QueryError[] {
  return parameters.flatMap((parameter, position) => {
    const { name } = parameter;
    const first = parameters.findIndex((one) => one.name.text === name.text);
    if (first < position) return [unexpected(name)];
    if (event !== "orders_placed") return [];
    const type = orderParameterType(name.text);
    return type === null ? [unexpected(name)] : checkClause(type, parameter);
  });
}

function takesCondition(type: ValueType, condition: Condition): boolean {
  if (type.kind === "any" || condition.kind === "null") return true;
  const list = type.kind === "strings" || type.kind === "numbers";
  if (condition.kind === "contains") return list;
  if (list) return false;
  const ordered = type.kind === "number" || type.kind === "date";
  if (condition.kind === "between") return ordered;
  return ordered || condition.operator === "=" || condition.operator === "!=";
}

function takesLiteral(type: ValueType, literal: Literal): boolean {
  switch (type.kind) {
    case "any":
      return true;
    case "number":
    case "numbers":
      return literal.kind === "number";
    case "date": {
      const form = dateForm(literal);
      return form !== undefined && type.refused?.includes(form) !== true;
    }
    case "boolean":
      return literal.kind === "boolean";
    case "enum":
      return literal.kind === "string" && type.values.includes(literal.value);
    case "string":
    case "strings":
      return literal.kind === "string";
  }
}
