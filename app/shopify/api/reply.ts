import type { ClientResponse, GraphQLError } from "@shopify/admin-api-client";

import { AppError, type ErrorCode } from "#app/lib/errors.ts";

import { type Failure, parseRetryAfter } from "./retry.ts";
import type { ThrottleStatus } from "./throttle.ts";

/** What a reply of the Admin API means for the call. */
export type Outcome =
  | { kind: "data"; data: unknown }
  | { kind: "unauthorized" }
  /** A retry may succeed; `givenUp` is the error to throw after the last one. */
  | { kind: "again"; failure: Failure; givenUp: AppError }
  | { kind: "error"; error: AppError };

type Call = { shop: string; operation: string };
type Reply = ClientResponse<unknown>;

/** The bucket's state; undefined when the reply has none. */
export function throttleStatus(reply: Reply): ThrottleStatus | undefined {
  const status = reply.extensions?.cost?.throttleStatus;
  if (
    status?.maximumAvailable === undefined ||
    status.currentlyAvailable === undefined ||
    status.restoreRate === undefined
  ) {
    return undefined;
  }
  return {
    maximumAvailable: status.maximumAvailable,
    currentlyAvailable: status.currentlyAvailable,
    restoreRate: status.restoreRate,
  };
}

export function readReply(reply: Reply, call: Call): Outcome {
  const { errors } = reply;
  if (errors === undefined) return { kind: "data", data: reply.data };
  if (errors.graphQLErrors !== undefined && errors.graphQLErrors.length > 0) {
    return readGraphQLErrors(reply, errors.graphQLErrors, call);
  }
  return readHttpError(reply, call);
}

function readGraphQLErrors(reply: Reply, errors: GraphQLError[], call: Call): Outcome {
  const codes = new Set(errors.map((error) => error.extensions?.code));
  if (codes.has("THROTTLED")) {
    const requestedCost = reply.extensions?.cost?.requestedQueryCost ?? 0;
    return again(call, { kind: "throttled", requestedCost, status: throttleStatus(reply) });
  }
  if (codes.has("INTERNAL_SERVER_ERROR")) {
    return again(call, { kind: "server", retryAfterMs: undefined });
  }
  // An object that does not exist is null in the data, which is a valid reply.
  if (reply.data !== undefined && [...codes].every((code) => code === "NOT_FOUND")) {
    return { kind: "data", data: reply.data };
  }
  const found = errors.map((error) => error.message).join("; ");
  return codes.has("ACCESS_DENIED")
    ? failed("shopify-access-denied", call, found)
    : failed("shopify-rejected", call, found);
}

function readHttpError(reply: Reply, call: Call): Outcome {
  const status = reply.errors?.networkStatusCode;
  const response = reply.errors?.response;
  const retryAfterMs = parseRetryAfter(response?.headers.get("Retry-After") ?? null, Date.now());
  if (status === 401) return { kind: "unauthorized" };
  if (status === 429) return again(call, { kind: "too-many-requests", retryAfterMs });
  if (status !== undefined && status >= 500) return again(call, { kind: "server", retryAfterMs });
  if (status === 402 || status === 404 || status === 423) {
    return failed("shopify-shop-unavailable", call, `HTTP ${status}`);
  }
  if (status === 403) return failed("shopify-access-denied", call, "HTTP 403");
  if (status !== undefined && status >= 400) {
    return failed("shopify-rejected", call, `HTTP ${status}`);
  }
  return again(call, { kind: "network" });
}

function failed(code: ErrorCode, call: Call, found: string): Outcome {
  return { kind: "error", error: appError(code, call, { found, retryable: false }) };
}

function again(call: Call, failure: Failure): Outcome {
  const code =
    failure.kind === "throttled" || failure.kind === "too-many-requests"
      ? "shopify-throttled"
      : "shopify-unreachable";
  const found = `${failure.kind}, after all attempts`;
  return { kind: "again", failure, givenUp: appError(code, call, { found, retryable: true }) };
}

function appError(
  code: ErrorCode,
  call: Call,
  { found, retryable }: { found: string; retryable: boolean },
): AppError {
  return new AppError(code, `${operationName(call.operation)} for ${call.shop}: ${found}`, {
    retryable,
  });
}

/** The operation's name in a document; all of ours have one. */
export function operationName(document: string): string {
  return /(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? "an operation";
}
