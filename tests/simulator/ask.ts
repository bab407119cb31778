import { impliedScopes } from "#simulator/graphql/access.ts";
import { Executor } from "#simulator/graphql/execute.ts";
import { type GraphqlResponse, handleGraphql } from "#simulator/graphql/handle.ts";
import { resolvers } from "#simulator/resolvers/all.ts";
import type { SimShop, Store } from "#simulator/state.ts";

const executor = new Executor(resolvers);

export type Place = { store: Store; shop: SimShop };

type Ask = (
  place: Place,
  query: string,
  variables?: Record<string, unknown>,
) => Promise<GraphqlResponse>;

/**
 * Sends a request to a shop's simulated Admin API, without the network, and returns the response as
 * JSON.
 */
export function askWith(granted: readonly string[]): Ask {
  const scopes = impliedScopes(granted);
  return async ({ store, shop }, query, variables = {}) => {
    const request = { query, variables, operationName: undefined };
    const context = { store, shop, scopes, searchNotes: [] };
    const answer = await handleGraphql(executor, request, context);
    return JSON.parse(JSON.stringify(answer)) as GraphqlResponse;
  };
}

export const ask = askWith(["read_orders", "read_all_orders", "write_customers"]);
