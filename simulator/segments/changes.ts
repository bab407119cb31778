import type { SimSegment, SimShop } from "#simulator/state.ts";

import { readSegmentQuery } from "./metafields.ts";
import { describeError } from "./query.ts";

export type UserError = { field: string[] | null; message: string };

/** Changes to a segment; undefined leaves a part unchanged. */
export type Wanted = { name?: string | undefined; query?: string | undefined };

const longestName = 255;
const longestQuery = 5000;
/** Documented for a shop. */
export const mostSegments = 6000;

/**
 * The errors of a name and a query, as recorded: names are measured without surrounding spaces, queries with
 * them, and the grammar is only checked when the rest is valid.
 */
export function wantedErrors(shop: SimShop, { name, query }: Wanted): UserError[] {
  const errors: UserError[] = [];
  const add = (field: "name" | "query", message: string) =>
    errors.push({ field: [field], message });
  if (name !== undefined) {
    if (name.trim() === "") add("name", "Name can't be blank");
    if (lengthOf(name.trim()) > longestName) {
      add("name", `Name is too long (maximum is ${longestName} characters)`);
    }
  }
  if (query !== undefined) {
    if (query.trim() === "") add("query", "Query can't be blank");
    if (lengthOf(query) > longestQuery) {
      add("query", `Query is too long (maximum is ${longestQuery} characters)`);
    }
  }
  if (errors.length > 0 || query === undefined) return errors;
  const parsed = readSegmentQuery(shop, query);
  if (parsed.kind === "query") return [];
  return parsed.errors.map((error) => ({
    field: ["query"],
    message: `Query ${describeError(error)}`,
  }));
}

function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * The name, followed by " (2)", " (3)" … if another segment has it already (recorded); null if that would be
 * too long.
 */
export function freeName(shop: SimShop, name: string, except?: SimSegment): string | null {
  const taken = new Set(
    [...shop.segments.values()].filter((one) => one !== except).map((one) => one.name),
  );
  let free = name.trim();
  for (let copy = 2; taken.has(free); copy += 1) free = `${name.trim()} (${String(copy)})`;
  return lengthOf(free) > longestName ? null : free;
}
