import "@shopify/shopify-api/adapters/web-api";

import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";

import { shopifyFetch } from "./fetch.server.ts";

// After the import of the adapter, which sets its own fetch. This one knows the simulated Shopify
// and has a timeout, since callers wait for token renewals.
setAbstractFetchFunc((input, init) =>
  shopifyFetch(input, { signal: AbortSignal.timeout(env.ADMIN_API_TIMEOUT_MS), ...init }),
);

/**
 * Writes the library's warnings and errors to our log, without the values that it appends after a
 * bar.
 */
export const libraryLogger = {
  level: LogSeverity.Warning,
  log: (severity: LogSeverity, message: string) => {
    const [text = ""] = message.split(" | {", 1);
    log[severity === LogSeverity.Error ? "error" : "warn"](text);
  },
};

/** Shopify's library, for what happens outside a page: webhooks and token renewal. */
export const api = shopifyApi({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  hostName: new URL(env.SHOPIFY_APP_URL).host,
  isEmbeddedApp: true,
  logger: libraryLogger,
});
