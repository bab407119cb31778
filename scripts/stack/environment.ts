import { randomBytes } from "node:crypto";

const API_KEY = "encore-demo";
const API_CLIENT_ID = "347082227713";

export type Places = { appPort: number; simulatorUrl: string; databaseUrl: string };

export type Environments = {
  appUrl: string;
  apiKey: string;
  apiSecret: string;
  /** Of web and worker. */
  app: Record<string, string>;
  simulator: Record<string, string>;
};

/** The environment with which the app and the simulated Shopify find and trust each other. */
export function environmentsOf({ appPort, simulatorUrl, databaseUrl }: Places): Environments {
  const appUrl = `http://127.0.0.1:${appPort}`;
  // The prefix marks a secret that is not Shopify's; the app requires it in a simulation.
  const apiSecret = `simulated-${randomBytes(24).toString("hex")}`;
  return {
    appUrl,
    apiKey: API_KEY,
    apiSecret,
    app: {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(appPort),
      SHOPIFY_API_KEY: API_KEY,
      SHOPIFY_API_SECRET: apiSecret,
      SHOPIFY_APP_URL: appUrl,
      DATABASE_URL: databaseUrl,
      TOKEN_KEYS: `demo:${randomBytes(32).toString("base64")}`,
      SIMULATED_SHOPIFY_URL: simulatorUrl,
    },
    simulator: {
      SIMULATOR_APP_URL: appUrl,
      SIMULATOR_API_KEY: API_KEY,
      SIMULATOR_API_SECRET: apiSecret,
      SIMULATOR_APP_HANDLE: "encore",
      SIMULATOR_API_CLIENT_ID: API_CLIENT_ID,
    },
  };
}
