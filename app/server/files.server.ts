import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";

import compression from "compression";
import serveStatic from "serve-static";

const YEAR_SECONDS = 365 * 24 * 3600;

type Next = (error?: unknown) => void;
type Step = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Compresses responses. Its types are Express's, whose requests extend Node's. */
export const packing = compression() as unknown as Step;

/**
 * Serves files of the built app; those in `assets` have a digest in their name and are cached for
 * good.
 *
 * @param directory of public files
 */
export function files(directory: string): Step {
  const assets = path.join(directory, "assets") + path.sep;
  return serveStatic(directory, {
    index: false,
    redirect: false,
    maxAge: "1h",
    setHeaders: (response: ServerResponse, file: string) => {
      if (!file.startsWith(assets)) return;
      response.setHeader("Cache-Control", `public, max-age=${String(YEAR_SECONDS)}, immutable`);
    },
  });
}
