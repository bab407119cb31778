import { pino } from "pino";

import { env } from "#app/env.server.ts";

/**
 * Lines of JSON on standard error, so that a command's own output stays clean. Nothing personal is
 * ever logged: shops and ids only. The paths below are a second lock for what libraries hand over.
 */
export const log = pino(
  {
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
  },
  pino.destination({ dest: 2, sync: true }),
);
