import { type ExecutionResult, GraphQLError } from "graphql";

import { actualCost, requestedCost } from "#simulator/graphql/cost.ts";
import { topLevelError } from "#simulator/graphql/errors.ts";
import { chooseOperation, type Executor, isPrepared } from "#simulator/graphql/execute.ts";
import { inputSizeErrors } from "#simulator/graphql/input-size.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import {
  maximumRequestCost,
  refund,
  reserve,
  throttleStatus,
} from "#simulator/graphql/throttle.ts";
import { variableErrors } from "#simulator/graphql/variables.ts";

type GraphqlRequest = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
};

export type GraphqlResponse = {
  data?: unknown;
  errors?: readonly unknown[];
  extensions?: Record<string, unknown>;
};

const rateLimits = "https://shopify.dev/api/usage/rate-limits";

/** One request of the Admin API, from the text of the document to the body of the response. */
export async function handleGraphql(
  executor: Executor,
  request: GraphqlRequest,
  context: RequestContext,
): Promise<GraphqlResponse> {
  const prepared = executor.prepare(request.query);
  if (!isPrepared(prepared)) return { errors: prepared.map(formatted) };
  const operation = chooseOperation(prepared, request.operationName);
  if (operation === undefined) return { errors: [formatted(noOperation(request.operationName))] };
  const wrong = variableErrors(operation, request.variables);
  if (wrong.length > 0) return { errors: wrong.map(formatted) };
  const tooLong = inputSizeErrors({ prepared, operation }, request.variables);
  if (tooLong.length > 0) return { errors: tooLong.map(formatted) };

  const { shop, store } = context;
  const input = { operation, fragments: prepared.fragments, variables: request.variables };
  const requested = requestedCost(input);
  const cost = (actual: number | null) => ({
    requestedQueryCost: requested,
    actualQueryCost: actual,
    throttleStatus: throttleStatus(shop),
  });
  const refused = (error: GraphQLError) => ({
    errors: [formatted(error)],
    extensions: { cost: cost(null) },
  });
  if (requested > maximumRequestCost) return refused(tooDear(requested));
  const throttled = store.faults.takes("throttle");
  if (throttled || !reserve(shop, requested, store.clock.monotonicMs())) {
    return refused(topLevelError("Throttled", "THROTTLED", { documentation: rateLimits }));
  }
  context.runner = executor;
  const result = await executor.run(prepared, operation, { context, variables: request.variables });
  const actual = Math.min(requested, actualCost(input, result.data));
  refund(shop, requested - actual);
  const search = context.searchNotes.length > 0 ? { search: context.searchNotes } : {};
  return { ...body(result), extensions: { cost: cost(actual), ...search } };
}

function body(result: ExecutionResult): GraphqlResponse {
  const errors = result.errors?.map(formatted);
  return errors === undefined ? { data: result.data } : { data: result.data, errors };
}

/** A resolver's error that is not a GraphQLError is a bug of the simulator, and reported as such. */
function formatted(error: GraphQLError): unknown {
  const original = error.originalError;
  if (original === undefined || original instanceof GraphQLError) return error.toJSON();
  const code = { code: "INTERNAL_SERVER_ERROR", stack: original.stack };
  return { ...error.toJSON(), message: `The simulator failed: ${error.message}`, extensions: code };
}

function noOperation(name: string | undefined): GraphQLError {
  return new GraphQLError(
    name === undefined ? "An operation name is required" : `No operation named "${name}"`,
  );
}

function tooDear(requested: number): GraphQLError {
  return topLevelError(
    `Query cost is ${requested}, which exceeds the single query max cost limit (${maximumRequestCost}).`,
    "MAX_COST_EXCEEDED",
    { cost: requested, maxCost: maximumRequestCost, documentation: rateLimits },
  );
}
