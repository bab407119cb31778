import { getNamedType, isObjectType, type OperationDefinitionNode } from "graphql";

import { sizeProblem } from "#simulator/bulk/document-size.ts";
import {
  connectionsIn,
  isConnection,
  isList,
  nameOf,
  nodeFields,
  type Selected,
  selectedFields,
} from "#simulator/bulk/selection.ts";
import { chooseOperation, isPrepared } from "#simulator/graphql/execute.ts";
import type { DocumentRunner, Prepared } from "#simulator/graphql/resolver-map.ts";
import { withoutPlace } from "#simulator/graphql/syntax.ts";

const mostConnections = 5;
const deepestNesting = 2;

type CheckedQuery =
  | { kind: "good"; prepared: Prepared; operation: OperationDefinitionNode }
  | { kind: "wrong"; messages: string[] };

/** Whether a document can run as a bulk query; the messages are Shopify's own. */
export function checkBulkQuery(query: string, runner: DocumentRunner): CheckedQuery {
  const wrong = (...messages: string[]): CheckedQuery => ({ kind: "wrong", messages });
  const tooLarge = sizeProblem(query);
  if (tooLarge !== undefined) return wrong(tooLarge);
  const prepared = runner.prepare(query);
  if (!isPrepared(prepared)) {
    return wrong(...prepared.map(({ message }) => `Invalid bulk query: ${withoutPlace(message)}`));
  }
  const operation = chooseOperation(prepared, undefined);
  if (operation === undefined) return wrong("Bulk queries must contain exactly one operation.");
  if (operation.operation !== "query") {
    return wrong("Invalid operation type. Only `query` operations are supported.");
  }
  const messages = shapeProblems(selectedFields(prepared, operation));
  return messages.length > 0 ? wrong(...messages) : { kind: "good", prepared, operation };
}

function shapeProblems(fields: readonly Selected[]): string[] {
  const problems: string[] = [];
  const connections = connectionsIn(fields);
  const byNodes = connections.filter(({ children }) =>
    children.some((child) => nameOf(child) === "nodes"),
  );
  const [firstByNodes] = byNodes;
  if (firstByNodes !== undefined) {
    problems.push(
      "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: " +
        `'${nameOf(firstByNodes)} { edges { node {'. Selecting via 'nodes' is not supported. ` +
        `Invalid connection fields: ${quoted(byNodes)}.`,
    );
  }
  if (fields.some((field) => ["node", "nodes"].includes(nameOf(field)))) {
    problems.push("Bulk queries cannot contain a top level `node` field.");
  }
  if (connections.length === 0) problems.push("Bulk queries must contain at least one connection.");
  if (connections.length > mostConnections) {
    problems.push(`Bulk queries cannot contain more than ${mostConnections} connections.`);
  }
  if (nesting(fields) > deepestNesting + 1) {
    problems.push(
      `Bulk queries cannot contain connections with a nesting depth greater than ${deepestNesting}.`,
    );
  }
  const withoutId = connections.filter(
    (one) => connectionsIn(nodeFields(one)).length > 0 && !nodeFields(one).some(isPlainId),
  );
  if (withoutId.length > 0 && problems.length === 0) {
    problems.push(
      "The parent 'node' field for a nested connection must select the 'id' field without an alias and " +
        `must be of 'ID' return type. Connection fields without 'id': ${withoutId.map(nameOf).join(", ")}.`,
    );
  }
  if (fields.some((field) => connectionInList(field, false))) {
    problems.push(
      "Queries that contain a connection field within a list field are not currently supported.",
    );
  }
  const notNodes = connections.filter((one) => !yieldsNodes(one));
  if (notNodes.length > 0) {
    problems.push(
      `All connection nodes must implement the Node interface. Invalid: ${quoted(notNodes)}.`,
    );
  }
  return problems;
}

function quoted(fields: readonly Selected[]): string {
  return fields.map((field) => `'${nameOf(field)}'`).join(", ");
}

function isPlainId({ field }: Selected): boolean {
  return field.name.value === "id" && field.alias === undefined;
}

/** Nested connections on the deepest branch. */
function nesting(fields: readonly Selected[]): number {
  return Math.max(
    0,
    ...fields.map((field) => (isConnection(field) ? 1 : 0) + nesting(field.children)),
  );
}

function connectionInList(selected: Selected, inList: boolean): boolean {
  if (isConnection(selected)) {
    return inList || nodeFields(selected).some((field) => connectionInList(field, false));
  }
  return selected.children.some((child) => connectionInList(child, inList || isList(selected)));
}

function yieldsNodes({ definition }: Selected): boolean {
  const connection = getNamedType(definition.type);
  const edges = isObjectType(connection) ? connection.getFields().edges : undefined;
  const edge = edges === undefined ? undefined : getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields().node : undefined;
  const type = node === undefined ? undefined : getNamedType(node.type);
  // Unions and interfaces are not checked: those that the app uses contain nodes.
  return !isObjectType(type) || type.getInterfaces().some(({ name }) => name === "Node");
}
