import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";

import { scalarMisfit } from "#simulator/graphql/scalars.ts";

export type InputProblem = { path: (string | number)[]; explanation: string; message?: string };

/** Everything in a value that does not fit its type, with the messages of graphql-ruby, which Shopify runs. */
export function inputProblems(value: unknown, type: GraphQLInputType): InputProblem[] {
  if (isNonNullType(type)) {
    return isNothing(value)
      ? [{ path: [], explanation: "Expected value to not be null" }]
      : inputProblems(value, type.ofType);
  }
  if (isNothing(value)) return [];
  if (isListType(type)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item, at) => below(at, inputProblems(item, type.ofType)));
  }
  if (isInputObjectType(type)) return objectProblems(value, type);
  if (isEnumType(type)) {
    const known = type.getValues().map(({ name }) => name);
    if (typeof value === "string" && known.includes(value)) return [];
    const explanation = `Expected ${JSON.stringify(value)} to be one of: ${known.join(", ")}`;
    return [{ path: [], explanation }];
  }
  const misfit = scalarMisfit(type.name, value);
  if (misfit === undefined) return [];
  const { explanation, verbatim } = misfit;
  return [{ path: [], explanation, ...(verbatim ? { message: explanation } : {}) }];
}

function objectProblems(value: unknown, type: GraphQLInputObjectType): InputProblem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const explanation = `Expected ${JSON.stringify(value)} to be a key-value object.`;
    return [{ path: [], explanation }];
  }
  const fields = type.getFields();
  const given = Object.entries(value).flatMap(([name, inner]): InputProblem[] => {
    const field = fields[name];
    const unknown = { path: [name], explanation: `Field is not defined on ${type.name}` };
    return field === undefined ? [unknown] : below(name, inputProblems(inner, field.type));
  });
  const missing = Object.values(fields)
    .filter((field) => isRequiredInputField(field) && !(field.name in value))
    .flatMap((field) => below(field.name, inputProblems(null, field.type)));
  return [...given, ...missing, ...(type.isOneOf ? oneOfProblems(value, type.name) : [])];
}

function oneOfProblems(value: object, name: string): InputProblem[] {
  const given = Object.entries(value);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    const explanation = `'${name}' requires exactly one argument, but ${given.length} were provided.`;
    return [{ path: [], explanation }];
  }
  if (only[1] !== null) return [];
  const explanation = `'${name}' requires exactly one argument, but '${only[0]}' was \`null\`.`;
  return [{ path: [only[0]], explanation }];
}

function below(key: string | number, problems: InputProblem[]): InputProblem[] {
  return problems.map((problem) => ({ ...problem, path: [key, ...problem.path] }));
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
