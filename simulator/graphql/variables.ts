import {
  GraphQLError,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  print,
  type TypeNode,
  type VariableDefinitionNode,
} from "graphql";

import { type InputProblem, inputProblems } from "#simulator/graphql/input-problems.ts";
import { adminSchema } from "#simulator/graphql/schema.ts";

/** Shopify's own wording for variables that do not fit their types; empty if all fit. */
export function variableErrors(
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): GraphQLError[] {
  return (operation.variableDefinitions ?? []).flatMap((definition) => {
    const type = inputType(definition.type);
    if (type === undefined) return [];
    const name = definition.variable.name.value;
    const value = variables[name];
    if (value === undefined && (definition.defaultValue !== undefined || !isNonNullType(type)))
      return [];
    const problems = inputProblems(value ?? null, type);
    return problems.length === 0 ? [] : [variableError(definition, value ?? null, problems)];
  });
}

/** A variable's declared type in the schema; validation has already ensured that it is an input type. */
function inputType(node: TypeNode): GraphQLInputType | undefined {
  if (node.kind === Kind.NON_NULL_TYPE) {
    const inner = inputType(node.type);
    return inner === undefined || isNonNullType(inner) ? undefined : new GraphQLNonNull(inner);
  }
  if (node.kind === Kind.LIST_TYPE) {
    const inner = inputType(node.type);
    return inner === undefined ? undefined : new GraphQLList(inner);
  }
  const named = adminSchema().getType(node.name.value);
  return isInputType(named) ? named : undefined;
}

function variableError(
  definition: VariableDefinitionNode,
  value: unknown,
  problems: InputProblem[],
) {
  const type = print(definition.type);
  const where = problems
    .filter((problem) => problem.path.length > 0)
    .map((problem) => `${problem.path.join(".")} (${problem.explanation})`)
    .join(", ");
  return new GraphQLError(
    `Variable $${definition.variable.name.value} of type ${type} was provided invalid value` +
      (where === "" ? "" : ` for ${where}`),
    { nodes: definition, extensions: { code: "INVALID_VARIABLE", value, problems } },
  );
}
