import { readEnv, type Env } from "./env-variables.ts";

export const env: Env = readEnv(process.env);

/** Where App Bridge is loaded from in a simulation; undefined means Shopify's CDN. */
export const appBridgeUrl =
  env.SIMULATED_SHOPIFY_URL === undefined
    ? undefined
    : `${env.SIMULATED_SHOPIFY_URL}/app-bridge.js`;

// The Shopify library reads this one itself, for its bounce and exit pages.
if (appBridgeUrl !== undefined) process.env.APP_BRIDGE_URL = appBridgeUrl;
else delete process.env.APP_BRIDGE_URL;
