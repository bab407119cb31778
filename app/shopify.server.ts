import "@shopify/shopify-app-remix/adapters/node";

import { AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";

import { orFailureResponse } from "#app/http/failure.server.ts";
import { prisma } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { isShopDomain } from "#app/lib/ids.ts";
import { pageRefusal, sessionTokenOf } from "#app/shopify/incoming/page-request.ts";
// After the library, whose adapter sets a fetch that knows nothing of a simulated Shopify.
import { api, libraryLogger } from "#app/shopify/library.server.ts";
import { ensureOfflineToken } from "#app/shopify/tokens/exchange-token.server.ts";
import { SealedSessionStorage } from "#app/shopify/tokens/session-storage.server.ts";

// The scopes stand in shopify.app.toml alone: Shopify grants them before the app is first opened.
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

/** Who is allowed to frame a page that does not say for which shop it is. */
const ADMIN_ONLY = "frame-ancestors https://admin.shopify.com;";

export const authenticate = {
  /**
   * The session of the merchant whose browser asks for a page or its data, with an offline token that
   * has some life in it: see {@link ensureOfflineToken}.
   *
   * @throws Response to be answered as it is, when it is not a merchant's request, or not yet
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
 * Does what needs access to the shop for a page. When Shopify refuses the stored token for good, that
 * one is forgotten, and the page's own session token brings another: the merchant never hears of it.
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

/** Headers of every page: who may frame it, and what the browser should load early. */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  // The library takes more domains of Shopify's for shops.
  const shop = new URL(request.url).searchParams.get("shop") ?? "";
  if (isShopDomain(shop)) shopify.addDocumentResponseHeaders(request, headers);
  allowOnlyAdmin(headers);
}

/** A page is framed by Shopify's admin alone, and in a simulation by the simulated one. */
export function allowOnlyAdmin(headers: Headers): void {
  const policy = headers.get("Content-Security-Policy") ?? ADMIN_ONLY;
  headers.set("Content-Security-Policy", policy);
  if (env.SIMULATED_SHOPIFY_URL === undefined) return;
  const { origin } = new URL(env.SIMULATED_SHOPIFY_URL);
  headers.set(
    "Content-Security-Policy",
    policy.replace("frame-ancestors", `frame-ancestors ${origin}`),
  );
  // It asks the browser to load App Bridge from Shopify's CDN before the page does.
  headers.delete("Link");
}
