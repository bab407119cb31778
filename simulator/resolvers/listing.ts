import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import {
  type Connection,
  connection,
  page,
  type Position,
  type SortedPageArguments,
} from "#simulator/resolvers/connection.ts";
import { compileSearch, type SearchSubject } from "#simulator/search/match.ts";
import { sortedList } from "#simulator/sorted-lists.ts";

/** How the items of a root connection are filtered and sorted. */
export type Listing<T> = {
  /** The root field's name, for search notes and as the key of cached lists. */
  name: string;
  items: () => Iterable<T>;
  search: SearchSubject<T>;
  /** By sort key; `ID` is required. */
  sortValues: Record<string, (item: T) => string | number>;
  defaultSortKey: string;
  id: (item: T) => string;
  /** The map whose values `items` are, if so: lists sorted by `fixedKeys`, which never change, are cached. */
  whole?: ReadonlyMap<string, T> | undefined;
  fixedKeys?: readonly string[];
};

const ascending = new Intl.Collator("en");

/** Filtered by `query` and sorted by `sortKey`; equal values are in the order of their ids. */
function listed<T>(
  listing: Listing<T>,
  args: SortedPageArguments,
  context: RequestContext,
): readonly T[] {
  const sortKey = args.sortKey ?? listing.defaultSortKey;
  const { whole } = listing;
  const isWhole = (args.query ?? "").trim() === "" && listing.fixedKeys?.includes(sortKey) === true;
  if (whole === undefined || !isWhole) return sorted(listing, args, context);
  const key = `${sortKey} ${String(args.reverse === true)}`;
  return sortedList(whole, key, () => sorted(listing, args, context));
}

function sorted<T>(listing: Listing<T>, args: SortedPageArguments, context: RequestContext): T[] {
  const items = filtered(listing, args.query, context);
  const sortKey = args.sortKey ?? listing.defaultSortKey;
  const valueOf = listing.sortValues[sortKey] ?? listing.sortValues.ID;
  if (valueOf === undefined) throw new Error(`${listing.name} cannot be sorted by ID`);
  const rows = items.map((item) => ({ item, value: valueOf(item), id: Number(listing.id(item)) }));
  const direction = args.reverse === true ? -1 : 1;
  rows.sort((a, b) => direction * (compareValues(a.value, b.value) || a.id - b.id));
  return rows.map((row) => row.item);
}

function compareValues(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return ascending.compare(String(a), String(b));
}

export function filtered<T>(
  listing: Listing<T>,
  query: string | null | undefined,
  context: RequestContext,
): T[] {
  if (query === null || query === undefined || query.trim() === "") return [...listing.items()];
  const search = compileSearch(query, listing.search);
  if (search.warnings.length > 0) {
    const [first] = search.warnings;
    const parsed = first && { field: first.field, match_all: query.slice(query.indexOf(":") + 1) };
    context.searchNotes.push({ path: [listing.name], query, parsed, warnings: search.warnings });
  }
  return [...listing.items()].filter(search.matches);
}

/** A root connection; in a bulk query the slice of its window. */
export function listingConnection<T>(
  listing: Listing<T>,
  args: SortedPageArguments,
  context: RequestContext,
): Connection<T> {
  const sortKey = args.sortKey ?? listing.defaultSortKey;
  const valueOf = listing.sortValues[sortKey] ?? listing.id;
  const positionOf = (item: T): Position => {
    const id = listing.id(item);
    if (sortKey === "ID") return { id, value: id };
    const value = valueOf(item);
    return { id, value: typeof value === "string" ? Date.parse(value) || value : value };
  };
  if (context.bulk === undefined)
    return connection(listed(listing, args, context), args, positionOf);
  const { offset, limit, lists } = context.bulk;
  const key = JSON.stringify([listing.name, args.query, args.sortKey, args.reverse]);
  const list = (lists.get(key) as readonly T[] | undefined) ?? listed(listing, args, context);
  lists.set(key, list);
  const more = { hasNextPage: false, hasPreviousPage: false };
  return page(list.slice(offset, offset + limit), more, positionOf);
}

/** A nested connection: paged, or complete in a bulk query. */
export function childConnection<T>(
  items: readonly T[],
  { args, context }: { args: SortedPageArguments; context: RequestContext },
  id: (item: T) => string,
): Connection<T> {
  const positionOf = (item: T) => ({ id: id(item), value: Number(id(item)) });
  const ordered = args.reverse === true ? [...items].reverse() : items;
  if (context.bulk === undefined) return connection(ordered, args, positionOf);
  return page(ordered, { hasNextPage: false, hasPreviousPage: false }, positionOf);
}

const exactLimit = 10_000;

/** `{count, precision}`; the limit is 10,000 unless the query says otherwise, null means none. */
export function countOf(items: number, limit: number | null | undefined) {
  const bound = limit === undefined ? exactLimit : (limit ?? Infinity);
  return items > bound
    ? { count: bound, precision: "AT_LEAST" }
    : { count: items, precision: "EXACT" };
}
