import "@shopify/shopify-app-remix/adapters/node";

import { AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";

import { orFailureResponse } from "#app/http/failure.server.ts";
import { prisma } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { isShopDomain } from "#app/lib/ids.ts";
import { pageRefusal, sessionTokenOf } from "#app/shopify/incoming/page-request.ts";
// After the library, whose adapter sets a fetch without support for a simulated Shopify.
import { api, libraryLogger } from "#app/shopify/library.server.ts";
import { ensureOfflineToken } from "#app/shopify/tokens/exchange-token.server.ts";
import { SealedSessionStorage } from "#app/shopify/tokens/session-storage.server.ts";

// Scopes are only in shopify.app.toml: Shopify grants them before the app is first opened.
const shopify = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: api.config.apiVersion,
  appUrl: env.SHOPIFY_APP_URL,
  authPathPrefix: "/auth",
  sessionStorage: new SealedSessionStorage(prisma),
  distribution: AppDistribution.AppStore,
  logger: libraryLogger,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

/** The policy for pages that name no shop. */
const ADMIN_ONLY = "frame-ancestors https://admin.shopify.com;";

export const authenticate = {
  /**
   * The session of the merchant's request, with an offline token that does not expire soon; see
   * {@link ensureOfflineToken}.
   *
   * @throws Response to be returned as it is, when the request has no valid session yet
   */
  async admin(request: Request): ReturnType<typeof shopify.authenticate.admin> {
    const refusal = pageRefusal(request, env.SHOPIFY_API_KEY);
    if (refusal !== null) throw new Response(refusal.text, { status: refusal.status });
    const sessionToken = sessionTokenOf(request);
    if (sessionToken !== null) await orFailureResponse(ensureOfflineToken(sessionToken));
    return shopify.authenticate.admin(request);
  },
};

/**
 * Does work for a page that calls Shopify. If access turns out to be lost, the page's session token
 * is exchanged for a new offline token, and the work is done again; the merchant does not notice.
 */
export async function withAccess<Result>(
  request: Request,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "shopify-unauthorized") throw error;
    await authenticate.admin(request);
    return work();
  }
}

/** The headers of every page: which sites may frame it, and what to preload. */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  // The library also accepts other domains of Shopify as shops.
  const shop = new URL(request.url).searchParams.get("shop") ?? "";
  if (isShopDomain(shop)) shopify.addDocumentResponseHeaders(request, headers);
  allowOnlyAdmin(headers);
}

/** Allows only Shopify's admin to frame a page, and in a simulation the simulated one. */
export function allowOnlyAdmin(headers: Headers): void {
  const policy = headers.get("Content-Security-Policy") ?? ADMIN_ONLY;
  headers.set("Content-Security-Policy", policy);
  if (env.SIMULATED_SHOPIFY_URL === undefined) return;
  const { origin } = new URL(env.SIMULATED_SHOPIFY_URL);
  headers.set(
    "Content-Security-Policy",
    policy.replace("frame-ancestors", `frame-ancestors ${origin}`),
  );
  // The header would preload App Bridge from Shopify's CDN.
  headers.delete("Link");
}
