const YEAR_SECONDS = 365 * 24 * 3600;

/** For every response on every port. */
export const protectiveHeaders = {
  "Strict-Transport-Security": `max-age=${String(YEAR_SECONDS)}`,
  "X-Content-Type-Options": "nosniff",
  // With no-referrer, browsers would send forms with the origin "null", which is refused as a
  // forgery.
  "Referrer-Policy": "strict-origin",
} as const;

/** Browsers and proxies must not cache anything about a shop; only assets are cached. */
export const NOT_KEPT = "no-store";
