import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

import { adminSchema } from "#simulator/graphql/schema.ts";

/**
 * Calculated cost, fitted to recorded responses of a live shop: a scalar is free, an object 1, a
 * mutation 10 with its payload's own fields free, a count 10, a connection 2 plus its nodes' cost times
 * a sub-linear factor of the page size.
 */
const mutationCost = 10;
const connectionCost = 2;
const countCost = 10;

/** Page size → factor, as recorded for `customers(first: N) { nodes { id } }`; linear in between. */
const factors: readonly (readonly [size: number, factor: number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [5, 3],
  [10, 5],
  [50, 7],
  [250, 11],
  [1000, 17],
];

const freeTypes = new Set(["MoneyV2", "MoneyBag", "MailingAddress", "PageInfo"]);
const cheaperMutations: Record<string, number> = { customerSegmentMembersQueryCreate: 2 };

function pageFactor(size: number): number {
  let [lowSize, lowFactor] = factors[0] ?? [0, 0];
  for (const [size2, factor2] of factors) {
    if (size <= size2) {
      if (size2 === lowSize) return factor2;
      return lowFactor + ((factor2 - lowFactor) * (size - lowSize)) / (size2 - lowSize);
    }
    [lowSize, lowFactor] = [size2, factor2];
  }
  return lowFactor;
}

type CostInput = {
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
};

/** A traversal of the selection; `measured` also uses the response, for what was actually returned. */
type Walk = CostInput & { measured: boolean };

/** A position in the traversal; `value` is the corresponding part of the response. */
type Place = { type: GraphQLNamedType; set: SelectionSetNode; value: unknown };

/** A field at a position, whose parent type may be narrower than the position's (`... on Customer`). */
type Owned = { parent: GraphQLNamedType; field: FieldNode; value: unknown };

/** Points reserved before execution. */
export function requestedCost(input: CostInput): number {
  return rootCost({ ...input, measured: false }, undefined);
}

/** Points actually used, from the response. */
export function actualCost(input: CostInput, data: unknown): number {
  return rootCost({ ...input, measured: true }, data);
}

function rootCost(walk: Walk, value: unknown): number {
  const type = adminSchema().getRootType(walk.operation.operation);
  if (!type) return 0;
  return Math.round(selectionCost(walk, { type, set: walk.operation.selectionSet, value }));
}

function selectionCost(walk: Walk, place: Place): number {
  return ownedFields(walk, place).reduce((total, owned) => total + fieldCost(walk, owned), 0);
}

function fieldCost(walk: Walk, owned: Owned): number {
  const place = placeOf(owned);
  if (place === undefined) return 0;
  const isConnection = place.type.name.endsWith("Connection");
  if (owned.parent.name === "Mutation") {
    return cheaperMutations[owned.field.name.value] ?? mutationCost + payloadCost(walk, place);
  }
  if (walk.measured && (place.value === null || place.value === undefined)) {
    return isConnection ? connectionCost : 0;
  }
  if (isConnection) return connectionFieldCost(walk, place, owned.field);
  if (place.type.name === "Count") return countCost;
  return (freeTypes.has(place.type.name) ? 0 : 1) + itemCost(walk, place);
}

/** The payload's direct fields are part of the mutation's 10; nested fields are counted. */
function payloadCost(walk: Walk, payload: Place): number {
  return ownedFields(walk, payload).reduce((total, owned) => {
    const place = placeOf(owned);
    return place === undefined ? total : total + itemCost(walk, place);
  }, 0);
}

/** A list inside an object costs as much as the most expensive of its items. */
function itemCost(walk: Walk, place: Place): number {
  if (!walk.measured) return selectionCost(walk, place);
  const items: unknown[] = Array.isArray(place.value) ? place.value : [place.value];
  let dearest = 0;
  for (const value of items) {
    if (value === null || value === undefined) continue;
    dearest = Math.max(dearest, selectionCost(walk, { ...place, value }));
  }
  return dearest;
}

function connectionFieldCost(walk: Walk, connection: Place, field: FieldNode): number {
  const size = pageSize(field, walk.variables);
  let total = connectionCost;
  for (const owned of ownedFields(walk, connection)) {
    const name = owned.field.name.value;
    const place = placeOf(owned);
    if ((name !== "edges" && name !== "nodes") || place === undefined) continue;
    const count = walk.measured ? (Array.isArray(place.value) ? place.value.length : 0) : size;
    // An edge itself is free; its node is not.
    const each = itemCost(walk, place) + (name === "nodes" ? 1 : 0);
    total += pageFactor(count) * Math.max(1, each);
  }
  return total;
}

function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const value = valueFromASTUntyped(argument.value, variables);
    if (typeof value === "number") return value;
  }
  return 0;
}

/** The type and selection below a field; undefined for a scalar. */
function placeOf({ parent, field, value }: Owned): Place | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const definition = parent.getFields()[field.name.value];
  if (definition === undefined || field.selectionSet === undefined) return undefined;
  return { type: getNamedType(definition.type), set: field.selectionSet, value };
}

/** The fields at a position, with fragments inlined. */
function ownedFields(walk: Walk, place: Place): Owned[] {
  return place.set.selections.flatMap((selection): Owned[] => {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      return [{ parent: place.type, field: selection, value: property(place.value, key) }];
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : walk.fragments.get(selection.name.value);
    if (inner === undefined) return [];
    const narrowed = inner.typeCondition && adminSchema().getType(inner.typeCondition.name.value);
    return ownedFields(walk, { ...place, type: narrowed ?? place.type, set: inner.selectionSet });
  });
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
