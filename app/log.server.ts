import { pino, type LoggerOptions } from "pino";

import { env } from "#app/env.server.ts";

/** Shopify's tokens by their prefix, and session tokens (JWT), wherever in a line they stand. */
const TOKENS = /\bshp[a-z]{2}_\w+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * Nothing personal is ever logged: shops and ids only. The paths are a second lock for what
 * libraries hand over, and the last look at the whole line a third.
 */
export const logOptions: LoggerOptions = {
  level: env.LOG_LEVEL,
  base: undefined,
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
