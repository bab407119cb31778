import { AsyncLocalStorage } from "node:async_hooks";

import { type LoggerOptions, pino } from "pino";

import { env } from "./env.server.ts";
import { loggedError } from "./log-error.ts";

/** Fields added to every line logged during a task. */
type LogContext = { task: string; shop: string; job: string };

// On globalThis, since the built app and the server around it both load this module.
const kept = globalThis as { encoreLogContext?: AsyncLocalStorage<LogContext> };
const context = (kept.encoreLogContext ??= new AsyncLocalStorage());

/** Runs `work`; every line logged meanwhile gets these fields. */
export function logging<Result>(fields: LogContext, work: () => Result): Result {
  return context.run(fields, work);
}

/** Shopify's tokens by their prefix, and session tokens (JWT), anywhere in a line. */
const TOKENS = /\bshp[a-z]{2}_\w+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * Personal data is never logged, only shops and ids. As further safeguards against what libraries
 * log, `redact` removes token fields, and `streamWrite` removes tokens from the whole line.
 */
export const logOptions: LoggerOptions = {
  level: env.LOG_LEVEL,
  base: undefined,
  mixin: () => ({ ...context.getStore() }),
  serializers: { err: (error: unknown) => loggedError(error) },
  redact: {
    paths: [
      "accessToken",
      "refreshToken",
      "*.accessToken",
      "*.refreshToken",
      "headers.authorization",
      "*.headers.authorization",
    ],
    censor: "[redacted]",
  },
  hooks: { streamWrite: (line) => line.replace(TOKENS, "[redacted]") },
};

/** Writes lines of JSON to standard error, so that a command's standard output stays clean. */
export const log = pino(logOptions, pino.destination({ dest: 2, sync: true }));
