import { answerTokenRequest } from "#simulator/auth/access-token.ts";
import { useToken } from "#simulator/auth/tokens.ts";
import { take } from "#simulator/faults.ts";
import { impliedScopes } from "#simulator/graphql/access.ts";
import type { Executor } from "#simulator/graphql/execute.ts";
import { handleGraphql } from "#simulator/graphql/handle.ts";
import { apiVersion } from "#simulator/graphql/schema.ts";
import { json, readJsonObject } from "#simulator/http/answers.ts";
import type { SimShop, Store } from "#simulator/state.ts";

const unauthorized = "[API] Invalid API key or access token (unrecognized login or wrong password)";

/** The shop a request is for: its host, or the header a rewriting client sets in place of it. */
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
  if (isToken) {
    const answer = answerTokenRequest({ store, shop }, body);
    return json(answer.status, answer.body);
  }
  return (await faulty(store)) ?? graphql({ store, shop, executor }, request, body);
}

async function graphql(
  { store, shop, executor }: { store: Store; shop: SimShop; executor: Executor },
  request: Request,
  body: Record<string, unknown>,
): Promise<Response> {
  const token = useToken(
    { store, shop },
    request.headers.get("x-shopify-access-token") ?? undefined,
  );
  if (token === undefined) return json(401, { errors: unauthorized });
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
    { store, shop, scopes: impliedScopes(token.scopes), searchNotes: [] },
  );
  return json(200, answer, {
    "x-shopify-api-version": apiVersion,
    "x-request-id": store.random.uuid(),
  });
}

/** A fault the control plane asked for, or null. */
async function faulty({ faults, clock }: Store): Promise<Response | null> {
  if (take(faults.hang)) {
    if (faults.hang.milliseconds === null) return new Promise(() => undefined);
    await clock.sleep(faults.hang.milliseconds);
  }
  if (!take(faults.serverError)) return null;
  return json(faults.serverError.status, { errors: "Internal Server Error" });
}
