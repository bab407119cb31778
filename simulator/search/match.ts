import { badRequest } from "#simulator/graphql/errors.ts";
import { type Comparator, parseSearch, type SearchNode } from "#simulator/search/parse.ts";

/** How a field of a search query is read from an item. */
type SearchField<T> =
  | { kind: "text"; get: (item: T) => string | null }
  /** Several values, of which one must match: tags. */
  | { kind: "list"; get: (item: T) => readonly string[] }
  | { kind: "number"; get: (item: T) => number }
  /** ISO-8601 UTC. */
  | { kind: "date"; get: (item: T) => string | null }
  | { kind: "boolean"; get: (item: T) => boolean }
  /** Other values match nothing, with a warning. */
  | { kind: "enum"; accepted: readonly string[]; get: (item: T) => string };

type SearchFields<T> = Record<string, SearchField<T>>;

type SearchWarning = { field: string; message: string; code: string };

type CompiledSearch<T> = { matches: (item: T) => boolean; warnings: SearchWarning[] };

/** The fields that a term without a field is matched against. */
type DefaultText<T> = (item: T) => readonly string[];

export type SearchSubject<T> = { fields: SearchFields<T>; text: DefaultText<T> };

/** Throws BAD_REQUEST for an invalid date; unknown fields match everything, with a warning. */
export function compileSearch<T>(query: string, subject: SearchSubject<T>): CompiledSearch<T> {
  const warnings: SearchWarning[] = [];
  return { matches: compile(parseSearch(query), subject, warnings), warnings };
}

function compile<T>(
  node: SearchNode,
  subject: SearchSubject<T>,
  warnings: SearchWarning[],
): (item: T) => boolean {
  switch (node.kind) {
    case "all":
      return () => true;
    case "and": {
      const parts = node.parts.map((part) => compile(part, subject, warnings));
      return (item) => parts.every((part) => part(item));
    }
    case "or": {
      const parts = node.parts.map((part) => compile(part, subject, warnings));
      return (item) => parts.some((part) => part(item));
    }
    case "not": {
      const part = compile(node.part, subject, warnings);
      return (item) => !part(item);
    }
    case "term":
      return compileTerm(node, subject, warnings);
  }
}

function compileTerm<T>(
  node: SearchNode & { kind: "term" },
  subject: SearchSubject<T>,
  warnings: SearchWarning[],
): (item: T) => boolean {
  if (node.field === null) {
    const holds = textMatcher(node.value, "part");
    return (item) => subject.text(item).some(holds);
  }
  const field = Object.hasOwn(subject.fields, node.field) ? subject.fields[node.field] : undefined;
  if (field === undefined) {
    warnings.push({
      field: node.field,
      message: "Invalid search field for this query.",
      code: "invalid_field",
    });
    return () => true;
  }
  return fieldMatcher(node.field, field, { node, warnings });
}

type Term = { node: { comparator: Comparator; value: string }; warnings: SearchWarning[] };

function fieldMatcher<T>(name: string, field: SearchField<T>, term: Term): (item: T) => boolean {
  const { comparator, value } = term.node;
  switch (field.kind) {
    case "text": {
      const holds = textMatcher(value, "whole");
      return (item) => holds(field.get(item) ?? "");
    }
    case "list": {
      const holds = textMatcher(value, "whole");
      return (item) => field.get(item).some(holds);
    }
    case "number": {
      const wanted = Number(value.replace(/^.*\//, ""));
      return (item) => compare(field.get(item) - wanted, comparator);
    }
    case "date":
      return dateMatcher(name, field.get, term.node);
    case "boolean":
      return (item) => String(field.get(item)) === value.toLowerCase();
    case "enum": {
      const wanted = value.toLowerCase();
      if (!field.accepted.includes(wanted)) {
        const message = `Input \`${value}\` is not an accepted value.`;
        term.warnings.push({ field: name, message, code: "invalid_value" });
        return () => false;
      }
      return (item) => field.get(item).toLowerCase() === wanted;
    }
  }
}

/** A bare date means that whole day, in UTC. */
function dateMatcher<T>(
  name: string,
  get: (item: T) => string | null,
  { comparator, value }: Term["node"],
): (item: T) => boolean {
  if (value === "*") return (item) => get(item) !== null;
  const start = Date.parse(value);
  if (Number.isNaN(start)) throw badRequest(`Invalid timestamp for query filter \`${name}\`.`);
  const end = /^\d{4}-\d{2}-\d{2}$/.test(value) ? start + 86_400_000 : start + 1000;
  return (item) => {
    const text = get(item);
    if (text === null) return false;
    const at = Date.parse(text);
    if (comparator === ":>") return at >= end;
    if (comparator === ":<=") return at < end;
    if (comparator === ":>=") return at >= start;
    if (comparator === ":<") return at < start;
    return at >= start && at < end;
  };
}

function compare(difference: number, comparator: Comparator): boolean {
  if (comparator === ":>") return difference > 0;
  if (comparator === ":>=") return difference >= 0;
  if (comparator === ":<") return difference < 0;
  if (comparator === ":<=") return difference <= 0;
  return difference === 0;
}

/** Case-insensitive; a trailing `*` matches a prefix, a single `*` any value. */
function textMatcher(value: string, how: "whole" | "part"): (text: string) => boolean {
  const wanted = value.toLowerCase();
  if (wanted === "*") return (text) => text !== "";
  if (wanted.endsWith("*")) return (text) => text.toLowerCase().startsWith(wanted.slice(0, -1));
  if (how === "part") return (text) => text.toLowerCase().includes(wanted);
  return (text) => text.toLowerCase() === wanted;
}
