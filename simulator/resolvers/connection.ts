import { badRequest } from "#simulator/graphql/errors.ts";

export type PageArguments = {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
};

export type SortedPageArguments = PageArguments & {
  query?: string | null;
  reverse?: boolean | null;
  sortKey?: string | null;
};

/** The content of a cursor: enough to find the position again, even if the item was deleted. */
export type Position = { id: string; value: string | number };

type Edge<T> = { cursor: string; node: T };

export type Connection<T> = {
  nodes: readonly T[];
  edges: Edge<T>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

const largestPage = 250;

/**
 * A page of a sorted list. `positionOf` returns the id and sort value for the cursors. Throws BAD_REQUEST as
 * recorded, when neither or both of `first` and `last` are given.
 */
export function connection<T>(
  items: readonly T[],
  args: PageArguments & { reverse?: boolean | null },
  positionOf: (item: T) => Position,
): Connection<T> {
  const size = pageSize(args);
  let start = 0;
  let end = items.length;
  const place = { positionOf, descending: args.reverse === true };
  if (typeof args.after === "string") start = indexAt(items, args.after, place).after;
  if (typeof args.before === "string") end = indexAt(items, args.before, place).before;
  if (typeof args.first === "number") end = Math.min(end, start + size);
  else start = Math.max(start, end - size);
  const nodes = items.slice(start, Math.max(start, end));
  return page(nodes, { hasNextPage: end < items.length, hasPreviousPage: start > 0 }, positionOf);
}

/** A connection without paging, for bulk queries. */
export function page<T>(
  nodes: readonly T[],
  more: { hasNextPage: boolean; hasPreviousPage: boolean },
  positionOf: (item: T) => Position,
): Connection<T> {
  const cursorAt = (item: T | undefined) =>
    item === undefined ? null : encodeCursor(positionOf(item));
  return {
    nodes,
    get edges() {
      return nodes.map((node) => ({
        node,
        get cursor() {
          return encodeCursor(positionOf(node));
        },
      }));
    },
    get pageInfo() {
      return {
        ...more,
        startCursor: cursorAt(nodes[0]),
        endCursor: cursorAt(nodes[nodes.length - 1]),
      };
    },
  };
}

function pageSize({ first, last }: PageArguments): number {
  const hasFirst = typeof first === "number";
  const hasLast = typeof last === "number";
  if (hasFirst && hasLast) throw badRequest("providing both first and last is not supported");
  if (!hasFirst && !hasLast) throw badRequest("you must provide one of first or last");
  const size = first ?? last ?? 0;
  if (size < 0) throw badRequest("the page size cannot be negative");
  if (size > largestPage) throw badRequest(`the page size cannot exceed ${largestPage}`);
  return size;
}

export function encodeCursor({ id, value }: Position): string {
  return Buffer.from(JSON.stringify({ last_id: Number(id), last_value: value })).toString("base64");
}

type Place<T> = { positionOf: (item: T) => Position; descending: boolean };

function compare(a: Position, b: Position): number {
  if (typeof a.value === "number" && typeof b.value === "number" && a.value !== b.value) {
    return a.value - b.value;
  }
  return Number(a.id) - Number(b.id);
}

/**
 * Where a list continues before and after a cursor. The cursor's item may be deleted or, in a list sorted by
 * the time of the last change, may have moved: then its old sort value determines the position.
 */
function indexAt<T>(
  items: readonly T[],
  cursor: string,
  { positionOf, descending }: Place<T>,
): { before: number; after: number } {
  const held = readCursor(cursor);
  const same = items.findIndex((item) => {
    const { id, value } = positionOf(item);
    return id === held.id && (value === held.value || typeof held.value !== "number");
  });
  if (same !== -1) return { before: same, after: same + 1 };
  if (typeof held.value !== "number") throw badRequest(badCursor);
  const next = items.findIndex((item) => {
    const difference = compare(positionOf(item), held);
    return descending ? difference < 0 : difference > 0;
  });
  const index = next === -1 ? items.length : next;
  return { before: index, after: index };
}

const badCursor = "Invalid cursor for current pagination sort.";

function readCursor(cursor: string): Position {
  try {
    const held: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (typeof held === "object" && held !== null) {
      const value: unknown = Reflect.get(held, "last_value");
      const id = String(Reflect.get(held, "last_id"));
      return { id, value: typeof value === "number" ? value : String(value) };
    }
  } catch {
    // Not one of our cursors: reported below.
  }
  throw badRequest(badCursor);
}
