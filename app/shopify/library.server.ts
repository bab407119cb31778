import "@shopify/shopify-api/adapters/web-api";

import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";

import { shopifyFetch } from "./fetch.server.ts";

// After the adapter, which sets a fetch of its own: this one knows about a simulated Shopify, and
// does not wait for ever, as a renewal of a token is waited for by whoever needs the token.
setAbstractFetchFunc((input, init) =>
  shopifyFetch(input, { signal: AbortSignal.timeout(env.ADMIN_API_TIMEOUT_MS), ...init }),
);

/**
 * What Shopify's library has to say goes where ours does, without the values it lists after a bar; its
 * news about future flags does not.
 */
export const libraryLogger = {
  level: LogSeverity.Warning,
  log: (severity: LogSeverity, message: string) => {
    const [text = ""] = message.split(" | {", 1);
    log[severity === LogSeverity.Error ? "error" : "warn"](text);
  },
};

/** Shopify's own library, for what happens outside a page: webhooks and token refresh. */
export const api = shopifyApi({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  apiVersion: ApiVersion.October26,
  hostName: new URL(env.SHOPIFY_APP_URL).host,
  isEmbeddedApp: true,
  logger: libraryLogger,
});
