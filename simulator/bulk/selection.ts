import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  GraphQLList,
  type GraphQLNamedType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

import type { Prepared } from "#simulator/graphql/resolver-map.ts";
import { adminSchema } from "#simulator/graphql/schema.ts";

/** A field of a bulk document, with its ancestors. */
export type Selected = {
  field: FieldNode;
  definition: GraphQLField<unknown, unknown>;
  /** Fields selected directly below. */
  children: Selected[];
};

/** The operation as a tree of fields, with fragments inlined. */
export function selectedFields(prepared: Prepared, operation: OperationDefinitionNode): Selected[] {
  const root = adminSchema().getRootType(operation.operation);
  return root ? below(prepared, root, operation.selectionSet) : [];
}

function below(prepared: Prepared, type: GraphQLNamedType, set: SelectionSetNode): Selected[] {
  return set.selections.flatMap((selection): Selected[] => {
    if (selection.kind === Kind.FIELD) {
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
      const definition = fields[selection.name.value];
      if (definition === undefined) return [];
      const inner = selection.selectionSet;
      const children =
        inner === undefined ? [] : below(prepared, getNamedType(definition.type), inner);
      return [{ field: selection, definition, children }];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : prepared.fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const narrowed =
      fragment.typeCondition && adminSchema().getType(fragment.typeCondition.name.value);
    return below(prepared, narrowed ?? type, fragment.selectionSet);
  });
}

export function isConnection({ definition }: Selected): boolean {
  return getNamedType(definition.type).name.endsWith("Connection");
}

export function isList({ definition }: Selected): boolean {
  const type = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  return type instanceof GraphQLList;
}

export function nameOf({ field }: Selected): string {
  return field.name.value;
}

/** What a connection selects of its nodes, by way of `edges { node }`. */
export function nodeFields(connection: Selected): Selected[] {
  return connection.children
    .filter((child) => nameOf(child) === "edges")
    .flatMap((edges) => edges.children.filter((child) => nameOf(child) === "node"))
    .flatMap((node) => node.children);
}

export function connectionsIn(fields: readonly Selected[]): Selected[] {
  return fields.flatMap((field) => [
    ...(isConnection(field) ? [field] : []),
    ...connectionsIn(field.children),
  ]);
}
