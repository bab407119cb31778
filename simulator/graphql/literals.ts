import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type ObjectValueNode,
  valueFromASTUntyped,
  type ValueNode,
} from "graphql";

import { scalarMisfit } from "#simulator/graphql/scalars.ts";

/** `message` where Shopify has a specific one for this kind of value. */
export type LiteralMisfit = { message?: string };

/** Why a literal in a document is invalid for its type; variables in it are ignored. */
export function literalMisfit(node: ValueNode, type: GraphQLInputType): LiteralMisfit | undefined {
  if (node.kind === Kind.NULL) return isNonNullType(type) ? {} : undefined;
  if (isNonNullType(type)) return literalMisfit(node, type.ofType);
  if (isListType(type)) {
    const items = node.kind === Kind.LIST ? node.values : [node];
    return firstOf(items, (item) => literalMisfit(item, type.ofType));
  }
  if (node.kind === Kind.VARIABLE) return undefined;
  if (isEnumType(type)) {
    return node.kind === Kind.ENUM && type.getValue(node.value) !== undefined ? undefined : {};
  }
  if (isInputObjectType(type)) {
    return node.kind === Kind.OBJECT ? objectMisfit(node, type) : {};
  }
  if (node.kind === Kind.ENUM || hasVariable(node)) return node.kind === Kind.ENUM ? {} : undefined;
  const misfit = scalarMisfit(type.name, valueFromASTUntyped(node));
  if (misfit === undefined) return undefined;
  return misfit.verbatim ? { message: misfit.explanation } : {};
}

function objectMisfit(
  { fields }: ObjectValueNode,
  type: GraphQLInputObjectType,
): LiteralMisfit | undefined {
  const given = new Map(fields.map(({ name, value }) => [name.value, value]));
  const known = type.getFields();
  const missing = Object.values(known).some(
    (field) => isRequiredInputField(field) && !given.has(field.name),
  );
  if (missing || [...given.keys()].some((name) => !(name in known))) return {};
  return firstOf(Object.values(known), (field) => {
    const value = given.get(field.name);
    return value === undefined ? undefined : literalMisfit(value, field.type);
  });
}

function firstOf<T>(
  items: readonly T[],
  misfitOf: (item: T) => LiteralMisfit | undefined,
): LiteralMisfit | undefined {
  for (const item of items) {
    const misfit = misfitOf(item);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function hasVariable(node: ValueNode): boolean {
  if (node.kind === Kind.VARIABLE) return true;
  if (node.kind === Kind.LIST) return node.values.some(hasVariable);
  return node.kind === Kind.OBJECT && node.fields.some(({ value }) => hasVariable(value));
}
