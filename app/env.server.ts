import { z } from "zod";

import { parseTokenKeys } from "#app/token-keys.ts";

/** A URL without a trailing slash. */
const origin = z
  .url({ protocol: /^https?$/, error: "expected an http(s) URL" })
  .transform((value) => value.replace(/\/+$/, ""));

const tokenKeys = z.string().transform((text, context) => {
  const keys = parseTokenKeys(text);
  if (Array.isArray(keys)) return keys;
  context.addIssue({ code: "custom", message: keys.wrong });
  return z.NEVER;
});

const port = z.coerce.number().int().min(0).max(65535);

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  PORT: port.default(3100),
  HOST: z.string().min(1).default("127.0.0.1"),
  /** The web process's port for metrics, not to be made public; without it there is none. */
  METRICS_PORT: port.optional(),
  /** The worker's port for health, readiness and metrics; without it there is none. */
  WORKER_PORT: port.optional(),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(1),
  SHOPIFY_APP_URL: origin,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "expected postgresql://…" }),
  TOKEN_KEYS: tokenKeys,
  /** How long Shopify has to answer a call. */
  ADMIN_API_TIMEOUT_MS: z.coerce.number().int().min(100).default(30_000),
  /** Connections of this process's pool; the queue and the locks have a few of their own. */
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(1000).default(10),
  /** A shop that comes with so many orders is given a table of its own for them. */
  ORDERS_FOR_OWN_TABLE: z.coerce.number().int().min(1).default(100_000),
  SIMULATED_SHOPIFY_URL: origin.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
});

export type Env = z.infer<typeof schema>;

/** Values of these are never printed: they are secrets or contain one. */
const secrets = new Set(["SHOPIFY_API_SECRET", "DATABASE_URL", "TOKEN_KEYS"]);

const SIMULATED_SECRET = "simulated-";

/**
 * Reads the configuration out of the environment.
 *
 * The switch to a simulated Shopify refuses to work with a secret that is not plainly made up:
 * a production deployment cannot be pointed elsewhere by one stray variable.
 *
 * @throws Error naming each variable that is missing or wrong, what was found and what would be
 * right; a secret's value is never part of the message.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  const complaints = result.success
    ? switchComplaints(result.data)
    : result.error.issues.map((issue) => complaint(issue, given));
  if (!result.success || complaints.length > 0) {
    throw new Error(`The configuration is not usable:\n${complaints.join("\n")}`);
  }
  return result.data;
}

function complaint(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  const value = given[name];
  if (value === undefined) return `  ${name} is not set: ${purpose[name] ?? issue.message}`;
  const found = secrets.has(name) ? "a value (not shown)" : JSON.stringify(value);
  return `  ${name} is ${found}: ${issue.message}`;
}

function switchComplaints(env: Env): string[] {
  if (env.SIMULATED_SHOPIFY_URL === undefined) return [];
  if (env.SHOPIFY_API_SECRET.startsWith(SIMULATED_SECRET)) return [];
  return [
    `  SIMULATED_SHOPIFY_URL is set, but SHOPIFY_API_SECRET does not begin with "${SIMULATED_SECRET}": ` +
      "a real app is never pointed at a simulated Shopify. Unset one of the two",
  ];
}

const purpose: Record<string, string> = {
  SHOPIFY_API_KEY: "the app's client id, from its settings in Shopify's Dev Dashboard",
  SHOPIFY_API_SECRET: "the app's client secret, from its settings in Shopify's Dev Dashboard",
  SHOPIFY_APP_URL: "the https URL under which Shopify reaches this app",
  DATABASE_URL: "postgresql://user:password@host:5432/database of a PostgreSQL 14 or newer",
  TOKEN_KEYS:
    "what encrypts access tokens in the database, as id:key with a key of 32 bytes in base64 " +
    "(openssl rand -base64 32); several, the current one first, with commas between",
};

export const env: Env = readEnv(process.env);

/** Where App Bridge is loaded from in a simulation; undefined means Shopify's CDN. */
export const appBridgeUrl =
  env.SIMULATED_SHOPIFY_URL === undefined
    ? undefined
    : `${env.SIMULATED_SHOPIFY_URL}/app-bridge.js`;

// The Shopify library reads this one itself, for its bounce and exit pages.
if (appBridgeUrl !== undefined) process.env.APP_BRIDGE_URL = appBridgeUrl;
else delete process.env.APP_BRIDGE_URL;
