import { setTimeout as sleep } from "node:timers/promises";

import {
  type AdminOperations,
  type ClientResponse,
  createAdminApiClient,
} from "@shopify/admin-api-client";

import { env } from "#app/lib/env.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { API_VERSION } from "#app/shopify/api-version.ts";
import { shopifyFetch } from "#app/shopify/fetch.server.ts";
import { unauthorized } from "#app/shopify/tokens/access-loss.server.ts";
import { accessToken, forgetToken } from "#app/shopify/tokens/renew-token.server.ts";

import { settlePoints, takeOrSlowDown } from "./budget.server.ts";
import { Deadline } from "./deadline.ts";
import { operationName, type Outcome, readReply, throttleStatus } from "./reply.ts";
import { isUndone, retryDelay } from "./retry.ts";
import { CallLine, type Priority } from "./throttle.ts";

type Operation = keyof AdminOperations & string;
export type Variables<Name extends Operation> = AdminOperations[Name]["variables"];
export type Data<Name extends Operation> = AdminOperations[Name]["return"];

export type QueryOptions = {
  /** "interactive" when a person waits for the reply. */
  priority?: Priority;
  signal?: AbortSignal;
  /**
   * True for a call that is not idempotent. After a failure that leaves its outcome unknown it is
   * not retried here, but fails as retryable; the caller has to look for the result before it calls
   * again.
   */
  once?: boolean;
};

/** The Admin API of one shop. */
export type AdminApi = {
  readonly shop: ShopDomain;
  /**
   * Runs one operation: waits for points of the shop's budget, and retries what may succeed.
   *
   * @returns the data; objects that do not exist are null in it
   * @throws AppError when Shopify cannot be used or refuses
   */
  query<Name extends Operation>(
    operation: Name,
    variables: Variables<Name>,
    options?: QueryOptions,
  ): Promise<Data<Name>>;
};

/** Calls of this process that wait for points, by shop. */
const lines = new Map<ShopDomain, CallLine>();

/** The last requested cost of each operation, from which that of the next call is estimated. */
const costs = new Map<string, number>();
const ASSUMED_COST = 12;

/** Limits for interactive calls, which fail early; background work retries for longer. */
const PERSON_ATTEMPTS = 3;
const PERSON_TIMEOUT_MS = 10_000;

/** After this many refused tokens in a row, each a renewed one, access is taken for lost. */
const MAX_REFUSALS = 4;

export function adminClient(shop: ShopDomain): AdminApi {
  return {
    shop,
    query: (operation, variables, options = {}) => run({ shop, operation, variables, options }),
  };
}

type Call = {
  shop: ShopDomain;
  operation: string;
  variables: Record<string, unknown>;
  options: QueryOptions;
};

type Reply = ClientResponse<unknown>;

async function run<Result>(call: Call): Promise<Result> {
  let token = await accessToken(call.shop);
  let refusals = 0;
  for (let attempt = 1; ; attempt += 1) {
    call.options.signal?.throwIfAborted();
    const reply = await send(call, token);
    const outcome = readReply(reply, call);
    countReply(call.operation, reply, outcome);
    if (outcome.kind === "data") return outcome.data as Result;
    if (outcome.kind === "error") throw outcome.error;
    if (outcome.kind === "unauthorized") {
      refusals += 1;
      // False when another process has stored a newer token, which is tried next.
      if (refusals >= MAX_REFUSALS && (await forgetToken(call.shop, token))) {
        throw unauthorized(call.shop, "refused");
      }
      token = await accessToken(call.shop, token);
      continue;
    }
    const undone = isUndone(outcome.failure);
    const patient = call.options.priority !== "interactive" || undone || attempt < PERSON_ATTEMPTS;
    const repeatable = patient && (call.options.once !== true || undone);
    const wait = repeatable ? retryDelay(outcome.failure, attempt, Math.random()) : null;
    if (wait === null) throw outcome.givenUp;
    log.debug({ shop: call.shop, failure: outcome.failure.kind, attempt, wait }, "retrying");
    await sleep(wait, undefined, { signal: call.options.signal });
  }
}

const INSTALLATION = `#graphql
  query EncoreInstallation {
    currentAppInstallation {
      id
    }
  }
`;

/**
 * Whether Shopify accepts exactly this token. One call; nothing is renewed or deleted. A reply to
 * the query means yes, even with GraphQL errors; a 401 means no. Its one point is not taken from
 * the budget, which would need a second connection beside the caller's transaction.
 *
 * @throws AppError for any other reply, and without one
 */
export async function tryToken(
  shop: ShopDomain,
  token: string,
  signal?: AbortSignal,
): Promise<"accepted" | "refused"> {
  const options = signal === undefined ? {} : { signal };
  const call = { shop, operation: INSTALLATION, variables: {}, options };
  const reply = await request(call, token);
  const outcome = readReply(reply, call);
  countReply(call.operation, reply, outcome);
  if (outcome.kind === "data" || reply.errors?.networkStatusCode === 200) return "accepted";
  if (outcome.kind === "unauthorized") return "refused";
  throw outcome.kind === "error" ? outcome.error : outcome.givenUp;
}

/** One attempt, once there are points for it. */
async function send(call: Call, token: string): Promise<Reply> {
  const { shop, operation, options } = call;
  const taken = costs.get(operation) ?? ASSUMED_COST;
  await lineOf(shop).pass(taken, options.priority ?? "background", options.signal);
  const reply = await request(call, token);
  const cost = reply.extensions?.cost;
  if (cost?.requestedQueryCost !== undefined) costs.set(operation, cost.requestedQueryCost);
  const status = throttleStatus(reply);
  if (status !== undefined) await settlePoints(shop, taken - (cost?.actualQueryCost ?? 0), status);
  return reply;
}

/** A timeout is returned as a reply with a network error. */
async function request(call: Call, token: string): Promise<Reply> {
  const { shop, operation, variables, options } = call;
  const most = options.priority === "interactive" ? PERSON_TIMEOUT_MS : Infinity;
  const deadline = new Deadline(Math.min(env.ADMIN_API_TIMEOUT_MS, most), options.signal);
  try {
    const { signal } = deadline;
    return await deadline.wait(client(shop, token).request(operation, { variables, signal }));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!deadline.signal.aborted) throw error;
    return { errors: { message: "no answer in time" } } satisfies Reply;
  } finally {
    deadline.end();
  }
}

function lineOf(shop: ShopDomain): CallLine {
  const known = lines.get(shop);
  if (known !== undefined) return known;
  const line = new CallLine(takeOrSlowDown(shop, wait), wait);
  lines.set(shop, line);
  return line;
}

function wait(milliseconds: number): Promise<void> {
  return sleep(milliseconds);
}

function client(shop: ShopDomain, token: string) {
  return createAdminApiClient({
    storeDomain: shop,
    apiVersion: API_VERSION,
    accessToken: token,
    retries: 0,
    customFetchApi: shopifyFetch,
  });
}

/** Counts a call's cost and outcome in the metrics. */
function countReply(operation: string, reply: ClientResponse<unknown>, outcome: Outcome): void {
  const { actualQueryCost } = reply.extensions?.cost ?? {};
  metrics.apiCost.inc({ operation: operationName(operation) }, actualQueryCost ?? 0);
  const kind = outcome.kind === "again" ? outcome.failure.kind : outcome.kind;
  metrics.apiReplies.inc({ outcome: kind });
}
