import { type Env, readEnv } from "./env-variables.ts";

export const env: Env = readEnv(process.env);

/** The URL of App Bridge in a simulation; undefined for Shopify's CDN. */
export const appBridgeUrl =
  env.SIMULATED_SHOPIFY_URL === undefined
    ? undefined
    : `${env.SIMULATED_SHOPIFY_URL}/app-bridge.js`;

// Shopify's library reads this variable itself, for its bounce and exit pages.
if (appBridgeUrl !== undefined) process.env.APP_BRIDGE_URL = appBridgeUrl;
else delete process.env.APP_BRIDGE_URL;
