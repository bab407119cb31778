import { env } from "#app/lib/env.server.ts";

import { simulatedFetch } from "./simulated-fetch.ts";

/** Sends all requests to Shopify: Admin API, staged uploads, bulk results. */
export const shopifyFetch: typeof fetch =
  env.SIMULATED_SHOPIFY_URL === undefined
    ? (input, init) => globalThis.fetch(input, init)
    : simulatedFetch(env.SIMULATED_SHOPIFY_URL, (input, init) => globalThis.fetch(input, init));
