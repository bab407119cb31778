import "@shopify/shopify-app-remix/adapters/node";

import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";

import { prisma } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
import { AppError } from "#app/errors.ts";
import { orFailure } from "#app/failure.server.ts";
// After the library, whose adapter sets a fetch that knows nothing of a simulated Shopify.
import { libraryLogger } from "#app/shopify/api.server.ts";
import { ensureOfflineToken } from "#app/shopify/exchange.server.ts";
import { SealedSessionStorage } from "#app/shopify/session-storage.server.ts";

// The scopes stand in shopify.app.toml alone: Shopify grants them before the app is first opened.
const shopify = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  appUrl: env.SHOPIFY_APP_URL,
  authPathPrefix: "/auth",
  sessionStorage: new SealedSessionStorage(prisma),
  distribution: AppDistribution.AppStore,
  logger: libraryLogger,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

/** Who opens a page, and for which shop. */
export const authenticate = {
  /**
   * The library's, with an offline token seen to before: see {@link ensureOfflineToken}.
   *
   * @throws Response to be answered with: to get another session token, or that Shopify does not answer
   */
  admin: async (request: Request) => {
    const sessionToken = sessionTokenOf(request);
    if (sessionToken !== null) await orFailure(ensureOfflineToken(sessionToken));
    return shopify.authenticate.admin(request);
  },
};

/** Of a request by App Bridge in its header, of a document in its query. */
function sessionTokenOf({ headers, url }: Request): string | null {
  const header = headers.get("authorization")?.replace(/^Bearer /, "");
  return header ?? new URL(url).searchParams.get("id_token");
}

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
  shopify.addDocumentResponseHeaders(request, headers);
  allowSimulatedAdmin(headers);
}

/** Lets the simulated admin frame the page, in a simulation only. */
export function allowSimulatedAdmin(headers: Headers): void {
  if (env.SIMULATED_SHOPIFY_URL === undefined) return;
  const { origin } = new URL(env.SIMULATED_SHOPIFY_URL);
  const policy = headers.get("Content-Security-Policy") ?? "frame-ancestors";
  headers.set(
    "Content-Security-Policy",
    policy.replace("frame-ancestors", `frame-ancestors ${origin}`),
  );
  // It asks the browser to load App Bridge from Shopify's CDN before the page does.
  headers.delete("Link");
}
