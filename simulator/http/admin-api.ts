import { answerTokenRequest } from "#simulator/auth/access-token.ts";
import { revokePair, useToken } from "#simulator/auth/tokens.ts";
import { impliedScopes } from "#simulator/graphql/access.ts";
import type { Executor } from "#simulator/graphql/execute.ts";
import { handleGraphql } from "#simulator/graphql/handle.ts";
import { apiVersion } from "#simulator/graphql/schema.ts";
import { errorPage, json, readJsonObject } from "#simulator/http/answers.ts";
import type { SimShop, SimToken, Store } from "#simulator/state.ts";

const unauthorized = "[API] Invalid API key or access token (unrecognized login or wrong password)";
/** A public app's token must expire. */
const neverExpires =
  "[API] Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens#expiring-vs-non-expiring-offline-tokens";

/** The shop of a request: its host, or the header that a rewriting client sets instead. */
function shopOf(store: Store, request: Request): SimShop | undefined {
  const host = request.headers.get("x-simulated-host") ?? request.headers.get("host") ?? "";
  return store.shops.get(host.split(":")[0]?.toLowerCase() ?? "");
}

/** Token endpoint and GraphQL of the Admin API; null for any other path. */
export async function adminApi(
  store: Store,
  executor: Executor,
  request: Request,
): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  const isToken = pathname === "/admin/oauth/access_token";
  const isGraphql = /^\/admin\/api\/[\w-]+\/graphql\.json$/.test(pathname);
  if (!isToken && !isGraphql) return null;
  if (request.method !== "POST") return json(405, { errors: "Method Not Allowed" });
  const shop = shopOf(store, request);
  if (shop === undefined) return json(404, { errors: "Not Found" });
  const body = await readJsonObject(request);
  if (body === undefined) return json(400, { errors: "Bad Request" });
  return faulty(store, { changes: isToken || isMutation(body.query) }, async () => {
    if (!isToken) return graphql({ store, shop, executor }, request, body);
    const answer = answerTokenRequest({ store, shop }, body);
    const wantsJson = request.headers.get("accept")?.includes("application/json") === true;
    if (answer.page !== true || wantsJson) return json(answer.status, answer.body);
    return errorPage(answer.status, `Oauth error ${String(answer.body.error)}`);
  });
}

/** Comments may come before the operation. */
function isMutation(query: unknown): boolean {
  return typeof query === "string" && /^\s*(#[^\n]*\n\s*)*mutation\b/.test(query);
}

async function graphql(
  { store, shop, executor }: { store: Store; shop: SimShop; executor: Executor },
  request: Request,
  body: Record<string, unknown>,
): Promise<Response> {
  const given = request.headers.get("x-shopify-access-token") ?? undefined;
  const { customApp } = store.settings;
  const custom = customApp !== null && given === customApp.token ? customApp : undefined;
  const token = custom ?? tokenOf({ store, shop }, given);
  if (token === undefined) return json(401, { errors: unauthorized });
  if ("kind" in token && token.kind === "offline" && token.expiresAtMs === null) {
    return json(403, { errors: neverExpires });
  }
  const { query, variables, operationName } = body;
  if (typeof query !== "string") {
    return json(400, { errors: { query: "Required parameter missing or invalid" } });
  }
  const answer = await handleGraphql(
    executor,
    {
      query,
      variables: typeof variables === "object" && variables !== null ? { ...variables } : {},
      operationName: typeof operationName === "string" ? operationName : undefined,
    },
    {
      // `$app` means the app of the request, which differs for a custom app.
      store: custom === undefined ? store : { ...store, app: { ...store.app, ...custom } },
      ...{ shop, scopes: impliedScopes(token.scopes), searchNotes: [] },
    },
  );
  return json(200, answer, {
    "x-shopify-api-version": apiVersion,
    "x-request-id": store.random.uuid(),
  });
}

function tokenOf(place: { store: Store; shop: SimShop }, given = ""): SimToken | undefined {
  const { store, shop } = place;
  const held = shop.tokens.get(given);
  if (held !== undefined && store.faults.takes("expireToken")) shop.tokens.delete(given);
  const isOfPair = held?.kind === "offline" && shop.tokens.has(given);
  if (isOfPair && store.faults.takes("revokePair")) revokePair(shop);
  return useToken(place, given);
}

/** Answers normally, or with a fault that the control plane has set. */
async function faulty(
  { faults, clock }: Store,
  { changes }: { changes: boolean },
  answer: () => Promise<Response>,
): Promise<Response> {
  if (faults.takes("hang")) return new Promise(() => undefined);
  const { serverError, lostAnswer, tooManyRequests, lateAnswer } = faults.kinds;
  if (faults.takes("serverError")) {
    return json(serverError.status, { errors: "Internal Server Error" });
  }
  if (faults.takes("tooManyRequests")) {
    const headers = { "retry-after": tooManyRequests.retryAfterSeconds.toFixed(1) };
    return json(429, { errors: "Too Many Requests" }, headers);
  }
  const right = await answer();
  if (faults.takes("lateAnswer")) await clock.sleep(lateAnswer.milliseconds);
  if (!changes || !right.ok || !faults.takes("lostAnswer")) return right;
  return json(lostAnswer.status, { errors: "Internal Server Error" });
}
