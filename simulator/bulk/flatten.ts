import { jsonLine } from "#simulator/bulk/result-file.ts";

type Fields = Record<string, unknown>;

/** Lines of one node and of everything in its connections. */
type NodeLines = { own: string; children: string[] };

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The nodes of a connection in a response; undefined if the value is no connection. */
export function connectionNodes(value: unknown): Fields[] | undefined {
  if (!isFields(value) || !Array.isArray(value.edges)) return undefined;
  return value.edges.flatMap((edge: unknown) =>
    isFields(edge) && isFields(edge.node) ? [edge.node] : [],
  );
}

/**
 * One line for a node, its connections taken out and put on lines of their own that name it as
 * `__parentId`. Objects and lists stay inline.
 */
export function nodeLines(node: Fields, parentId: unknown = undefined): NodeLines {
  const children: string[] = [];
  const own = withoutConnections(node, (child) => {
    const lines = nodeLines(child, node.id);
    children.push(lines.own, ...lines.children);
  });
  return {
    own: jsonLine(parentId === undefined ? own : { ...own, __parentId: parentId }),
    children,
  };
}

function withoutConnections(fields: Fields, onChild: (child: Fields) => void): Fields {
  const kept: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    const nodes = connectionNodes(value);
    if (nodes !== undefined) nodes.forEach(onChild);
    else kept[key] = isFields(value) ? withoutConnections(value, onChild) : value;
  }
  return kept;
}

/** Every connection below a root field that is not itself one, such as `customer(id:) { orders }`. */
export function connectionsInside(value: unknown): Fields[] {
  const nodes = connectionNodes(value);
  if (nodes !== undefined) return nodes;
  return isFields(value) ? Object.values(value).flatMap(connectionsInside) : [];
}
