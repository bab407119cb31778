import { AsyncLocalStorage } from "node:async_hooks";

import { pino, type LoggerOptions } from "pino";

import { env } from "./env.server.ts";
import { loggedError } from "./log-error.ts";

/** What every line says that is logged in the course of some work. */
type LogContext = { task: string; shop: string; job: string };

// On globalThis: the built app and the server around it load this module each, the process is one.
const kept = globalThis as { encoreLogContext?: AsyncLocalStorage<LogContext> };
const context = (kept.encoreLogContext ??= new AsyncLocalStorage());

/** Runs the work, however deep it calls: each line logged meanwhile says which it belongs to. */
export function logging<Result>(fields: LogContext, work: () => Result): Result {
  return context.run(fields, work);
}

/** Shopify's tokens by their prefix, and session tokens (JWT), wherever in a line they stand. */
const TOKENS = /\bshp[a-z]{2}_\w+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * Nothing personal is ever logged: shops and ids only. The paths are a second lock for what
 * libraries hand over, and the last look at the whole line a third.
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

/** Lines of JSON on standard error, so that a command's own output stays clean. */
export const log = pino(logOptions, pino.destination({ dest: 2, sync: true }));
