import type { Html } from "./html.ts";

/** No inline scripts, and only the app in frames, so that an escaping bug cannot be exploited. */
function contentSecurityPolicy(appUrl?: string): string {
  const frames = appUrl === undefined ? "'none'" : new URL(appUrl).origin;
  return [
    "default-src 'self'",
    `frame-src ${frames}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function htmlResponse(document: Html, status: number, appUrl?: string): Response {
  return new Response(document.toString(), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy(appUrl),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
    },
  });
}

export function jsonResponse(body: unknown, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "cross-origin-resource-policy": "same-origin" },
  });
}

export function redirectTo(path: string, status: 302 | 303): Response {
  return new Response(null, { status, headers: { location: path, "cache-control": "no-store" } });
}
