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

/** What a cursor holds: enough to find the place again, even if that item is gone. */
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
 * A page of a sorted list. `positionOf` gives the id and sort value that the cursors carry. Throws
 * BAD_REQUEST as recorded, when neither or both of `first` and `last` are given.
 */
export function connection<T>(
  items: readonly T[],
  args: PageArguments,
  positionOf: (item: T) => Position,
): Connection<T> {
  const size = pageSize(args);
  let start = 0;
  let end = items.length;
  if (typeof args.after === "string") start = indexAfter(items, args.after, positionOf);
  if (typeof args.before === "string") end = indexAfter(items, args.before, positionOf) - 1;
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

function indexAfter<T>(
  items: readonly T[],
  cursor: string,
  positionOf: (item: T) => Position,
): number {
  const id = cursorId(cursor);
  const index = items.findIndex((item) => positionOf(item).id === id);
  if (index === -1) throw badRequest("Invalid cursor for current pagination sort.");
  return index + 1;
}

function cursorId(cursor: string): string {
  try {
    const held: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (typeof held === "object" && held !== null) return String(Reflect.get(held, "last_id"));
  } catch {
    // Not one of our cursors: told below.
  }
  throw badRequest("Invalid cursor for current pagination sort.");
}
