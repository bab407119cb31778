import type { IncomingMessage } from "node:http";

import { isReadable, pathOf } from "./web-request.ts";

export type Refusal = { status: 400 | 403 | 405; text: string };

const METHODS = ["GET", "HEAD", "POST", "OPTIONS"];

/** All supported methods. */
export const ALLOWED = METHODS.join(", ");

type Asked = Pick<IncomingMessage, "method" | "url" | "headers">;

/**
 * Why a request is refused before Remix, which would fail on it; null when it is passed on.
 *
 * @param origin the app's own origin
 */
export function refusalOf(asked: Asked, origin: string): Refusal | null {
  const { method = "", url = "", headers } = asked;
  if (!METHODS.includes(method)) return { status: 405, text: `expected one of ${ALLOWED}` };
  if (!url.startsWith("/")) return { status: 400, text: "expected a path that begins with /" };
  if (!isReadable(pathOf(asked))) {
    return {
      status: 400,
      text: "found a path that is no text: expected UTF-8 without control characters",
    };
  }
  if (method === "POST" && (headers.origin ?? origin) !== origin) {
    return { status: 403, text: `found a form of another site: expected one of ${origin} itself` };
  }
  return null;
}
