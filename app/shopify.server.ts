import "@shopify/shopify-app-remix/adapters/node";

import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";

import { prisma } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
// After the library, whose adapter sets a fetch that knows nothing of a simulated Shopify.
import { libraryLogger } from "#app/shopify/api.server.ts";
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

export const { authenticate } = shopify;

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
