import { getArgumentValues, GraphQLError, type OperationDefinitionNode } from "graphql";

import { type Selected, selectedFields } from "#simulator/bulk/selection.ts";
import type { Prepared } from "#simulator/graphql/resolver-map.ts";

const longestList = 250;

type Input = { prepared: Prepared; operation: OperationDefinitionNode };
type Variables = Record<string, unknown>;
type Path = (string | number)[];

/** Lists among the arguments that are longer than Shopify accepts; variables must already fit their types. */
export function inputSizeErrors({ prepared, operation }: Input, variables: Variables) {
  return selectedFields(prepared, operation).flatMap((field) => tooLongIn(field, variables, []));
}

function tooLongIn(selected: Selected, variables: Variables, above: Path): GraphQLError[] {
  const { field, definition, children } = selected;
  const path = [...above, field.alias?.value ?? field.name.value];
  const given = field.arguments?.length ? getArgumentValues(definition, field, variables) : {};
  const own = tooLong(given, path).map(({ at, length }) => {
    const message = `The input array size of ${length} is greater than the maximum allowed of ${longestList}.`;
    const extensions = { code: "MAX_INPUT_SIZE_EXCEEDED" };
    return new GraphQLError(message, { nodes: field, path: at, extensions });
  });
  return [...own, ...children.flatMap((child) => tooLongIn(child, variables, path))];
}

function tooLong(value: unknown, path: Path): { at: Path; length: number }[] {
  if (typeof value !== "object" || value === null) return [];
  const found =
    Array.isArray(value) && value.length > longestList ? [{ at: path, length: value.length }] : [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, at) => [at, item])
    : Object.entries(value);
  return [...found, ...entries.flatMap(([key, inner]) => tooLong(inner, [...path, key]))];
}
