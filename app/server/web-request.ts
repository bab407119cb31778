import type { IncomingMessage } from "node:http";

import type { Body } from "./limits.server.ts";

/** The path without the query. */
export function pathOf({ url = "" }: Pick<IncomingMessage, "url">): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** Whether a path can be percent-decoded to text without control characters. */
export function isReadable(path: string): boolean {
  try {
    // eslint-disable-next-line no-control-regex
    return !/[\u0000-\u001f\u007f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

type Asked = Pick<IncomingMessage, "url" | "method" | "headers">;

/**
 * Converts to a web request. Its origin is the app's own, whatever host the client names, which
 * behind a proxy may be anything.
 */
export function webRequest(
  { url = "", method = "GET", headers: given }: Asked,
  { origin, body, signal }: { origin: string; body: Body; signal?: AbortSignal },
): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value)) for (const one of value) headers.append(name, one);
    else if (value !== undefined) headers.set(name, value);
  }
  headers.delete("x-forwarded-host");
  headers.set("host", new URL(origin).host);
  return new Request(`${origin}${url}`, {
    method,
    headers,
    ...(signal === undefined ? {} : { signal }),
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
}
