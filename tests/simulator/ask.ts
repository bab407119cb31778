import { impliedScopes } from "#simulator/graphql/access.ts";
import { Executor } from "#simulator/graphql/execute.ts";
import { handleGraphql, type GraphqlResponse } from "#simulator/graphql/handle.ts";
import { resolvers } from "#simulator/resolvers/all.ts";
import type { SimShop, Store } from "#simulator/state.ts";

const executor = new Executor(resolvers);
const scopes = impliedScopes(["read_orders", "read_all_orders", "write_customers"]);

export type Place = { store: Store; shop: SimShop };

/** Asks the simulator's Admin API of a shop, without the network, and gives the answer as JSON has it. */
export async function ask(
  { store, shop }: Place,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlResponse> {
  const request = { query, variables, operationName: undefined };
  const context = { store, shop, scopes, searchNotes: [] };
  const answer = await handleGraphql(executor, request, context);
  return JSON.parse(JSON.stringify(answer)) as GraphqlResponse;
}
