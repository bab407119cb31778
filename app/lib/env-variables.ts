import { z } from "zod";

import { parseTokenKeys } from "./token-keys.ts";

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
  /** The web process's port for metrics, which must not be public; optional. */
  METRICS_PORT: port.optional(),
  /** The worker's port for health, readiness and metrics; optional. */
  WORKER_PORT: port.optional(),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(1),
  SHOPIFY_APP_URL: origin,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "expected postgresql://…" }),
  TOKEN_KEYS: tokenKeys,
  /** Timeout of a call to Shopify. */
  ADMIN_API_TIMEOUT_MS: z.coerce.number().int().min(100).default(30_000),
  /** Size of this process's pool; the queue and the locks have a few more connections. */
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(1000).default(10),
  /** A shop whose first import has this many orders gets an orders table of its own. */
  ORDERS_FOR_OWN_TABLE: z.coerce.number().int().min(1).default(100_000),
  SIMULATED_SHOPIFY_URL: origin.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
});

export type Env = z.infer<typeof schema>;
export const variableNames = Object.keys(schema.shape);

type Source = Record<string, string | undefined>;
/**
 * A missing or wrong variable: what was found (never the value of a secret), and what is expected.
 */
export type Complaint = { name: string; found: string; right: string };

/** Values of these are never printed: they are secrets or contain one. */
const secrets = new Set(["SHOPIFY_API_SECRET", "DATABASE_URL", "TOKEN_KEYS"]);

const SIMULATED_SECRET = "simulated-";

/**
 * Reads the configuration from the environment.
 *
 * A simulated Shopify is accepted only with an API secret that is recognisably not real, so that
 * one stray variable cannot redirect a production deployment.
 *
 * @throws Error that names each missing or wrong variable, what was found and what is expected;
 * never the value of a secret
 */
export function readEnv(source: Source): Env {
  const complaints = complaintsAbout(source);
  if (complaints.length > 0) {
    const lines = complaints.map(({ name, found, right }) => `  ${name} is ${found}: ${right}`);
    throw new Error(`The configuration is not usable:\n${lines.join("\n")}`);
  }
  return schema.parse(onlyGiven(source));
}

/** A complaint for each missing or wrong variable. */
export function complaintsAbout(source: Source): Complaint[] {
  const given = onlyGiven(source);
  const result = schema.safeParse(given);
  if (result.success) return switchComplaints(result.data);
  return result.error.issues.map((issue) => complaint(issue, given));
}

/** The valid variables, each checked by itself, with defaults. */
export function rightPart(source: Source): Partial<Env> {
  const given = onlyGiven(source);
  const right = Object.entries(schema.shape).flatMap(([name, variable]) => {
    const result = variable.safeParse(given[name]);
    return result.success && result.data !== undefined ? [[name, result.data] as const] : [];
  });
  return Object.fromEntries(right) as Partial<Env>;
}

/** Treats empty variables as unset, since many tools write them so. */
function onlyGiven(source: Source): Record<string, string> {
  return Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

function complaint(issue: z.core.$ZodIssue, given: Source): Complaint {
  const name = String(issue.path[0]);
  const value = given[name];
  if (value === undefined) {
    return { name, found: "not set", right: purpose[name] ?? issue.message };
  }
  const found = secrets.has(name) ? "a value (not shown)" : JSON.stringify(value);
  return { name, found, right: issue.message };
}

function switchComplaints(env: Env): Complaint[] {
  if (env.SIMULATED_SHOPIFY_URL === undefined) return [];
  if (env.SHOPIFY_API_SECRET.startsWith(SIMULATED_SECRET)) return [];
  return [
    {
      name: "SIMULATED_SHOPIFY_URL",
      found: `set, but SHOPIFY_API_SECRET does not begin with "${SIMULATED_SECRET}"`,
      right: "a real app is never pointed at a simulated Shopify. Unset one of the two",
    },
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
