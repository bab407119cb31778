import { setTimeout as sleep } from "node:timers/promises";

import {
  createAdminApiClient,
  type AdminOperations,
  type ClientResponse,
} from "@shopify/admin-api-client";

import { env } from "#app/env.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { log } from "#app/log.server.ts";

import { unauthorized } from "./access.server.ts";
import { API_VERSION } from "./api-version.ts";
import { readReply, throttleStatus } from "./reply.ts";
import { shopifyFetch } from "./fetch.server.ts";
import { isUndone, retryDelay } from "./retry.ts";
import { CostBucket, type Priority } from "./throttle.ts";
import { accessToken, forgetToken } from "./token.server.ts";
import { countReply } from "./usage.server.ts";

type Operation = keyof AdminOperations & string;
export type Variables<Name extends Operation> = AdminOperations[Name]["variables"];
export type Data<Name extends Operation> = AdminOperations[Name]["return"];

export type QueryOptions = {
  /** "interactive" when a person waits for the answer. */
  priority?: Priority;
  signal?: AbortSignal;
  /**
   * True for what must not happen twice: after a failure that leaves open whether Shopify did it,
   * the call is not repeated but fails as retryable, and the caller looks before it asks again.
   */
  once?: boolean;
};

/** The Admin API of one shop. */
export type AdminApi = {
  readonly shop: ShopDomain;
  /**
   * Runs one operation; waits its turn in the shop's cost bucket and tries again what may succeed.
   *
   * @returns the data; what Shopify did not find is null in it
   * @throws AppError when Shopify cannot be used or refuses
   */
  query<Name extends Operation>(
    operation: Name,
    variables: Variables<Name>,
    options?: QueryOptions,
  ): Promise<Data<Name>>;
};

/** One bucket per shop and process, shared by all its clients. */
const buckets = new Map<ShopDomain, CostBucket>();

/** What each operation was last said to cost: a new call is assumed to cost the same. */
const costs = new Map<string, number>();
const ASSUMED_COST = 12;

/** So many tokens in a row, each renewed after the last was refused, are no mishap. */
const MOST_REFUSALS = 4;

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
      if (refusals === MOST_REFUSALS) {
        await forgetToken(call.shop, token);
        throw unauthorized(call.shop, "refused");
      }
      token = await accessToken(call.shop, token);
      continue;
    }
    const repeatable = call.options.once !== true || isUndone(outcome.failure);
    const wait = repeatable ? retryDelay(outcome.failure, attempt, Math.random()) : null;
    if (wait === null) throw outcome.givenUp;
    log.debug({ shop: call.shop, failure: outcome.failure.kind, attempt, wait }, "trying again");
    await sleep(wait, undefined, { signal: call.options.signal });
  }
}

/** One attempt, in its turn. */
async function send(call: Call, token: string): Promise<Reply> {
  const bucket = bucketOf(call.shop);
  const cost = costs.get(call.operation) ?? ASSUMED_COST;
  await bucket.take(cost, call.options.priority ?? "background");
  let reply: Reply | undefined;
  try {
    reply = await client(call.shop, token).request(call.operation, {
      variables: call.variables,
      signal: deadline(call.options.signal),
    });
  } finally {
    bucket.settle(cost, reply === undefined ? undefined : throttleStatus(reply));
  }
  const requested = reply.extensions?.cost?.requestedQueryCost;
  if (requested !== undefined) costs.set(call.operation, requested);
  return reply;
}

function deadline(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(env.ADMIN_API_TIMEOUT_MS);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function bucketOf(shop: ShopDomain): CostBucket {
  const known = buckets.get(shop);
  if (known !== undefined) return known;
  const bucket = new CostBucket({ now: Date.now, sleep: (wait) => sleep(wait) });
  buckets.set(shop, bucket);
  return bucket;
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
