import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";

import compression from "compression";
import serveStatic from "serve-static";

const YEAR_SECONDS = 365 * 24 * 3600;

type Next = (error?: unknown) => void;
type Step = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Packs answers for clients that can unpack them. Its types are Express's, whose requests are Node's. */
export const packing = compression() as unknown as Step;

/**
 * Answers with files of the built app: those in `assets` carry a digest in their name and never change.
 *
 * @param directory what a browser may read
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
