import { GraphQLError } from "graphql";

import { segmentMembers } from "#simulator/segments/evaluate.ts";
import { parseSegmentQuery } from "#simulator/segments/parse.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

export type Members =
  { kind: "members"; customers: SimCustomer[] } | { kind: "unreadable"; message: string };

/** The members of a segment at `now`, or why they cannot be determined. */
export function readMembers(shop: SimShop, query: string, now: Date): Members {
  const parsed = parseSegmentQuery(query);
  if (parsed.kind === "error") return { kind: "unreadable", message: parsed.message };
  try {
    return { kind: "members", customers: segmentMembers(shop, parsed.ast, now) };
  } catch (error) {
    // A filter that is not implemented, or whose metafield definition was deleted.
    if (error instanceof GraphQLError) return { kind: "unreadable", message: error.message };
    throw error;
  }
}
