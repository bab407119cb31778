import { GraphQLError } from "graphql";

import { segmentMembers } from "#simulator/segments/evaluate.ts";
import { parseSegmentQuery } from "#simulator/segments/parse.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

export type Members =
  { kind: "members"; customers: SimCustomer[] } | { kind: "unreadable"; message: string };

/** Who matches a segment's query at `now`, or why it cannot be said. */
export function readMembers(shop: SimShop, query: string, now: Date): Members {
  const parsed = parseSegmentQuery(query);
  if (parsed.kind === "error") return { kind: "unreadable", message: parsed.message };
  try {
    return { kind: "members", customers: segmentMembers(shop, parsed.ast, now) };
  } catch (error) {
    // A filter that is not simulated, or whose metafield definition has gone.
    if (error instanceof GraphQLError) return { kind: "unreadable", message: error.message };
    throw error;
  }
}
