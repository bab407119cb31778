const YEAR_SECONDS = 365 * 24 * 3600;

/** On every answer of every port, whatever it says. */
export const protectiveHeaders = {
  "Strict-Transport-Security": `max-age=${String(YEAR_SECONDS)}`,
  "X-Content-Type-Options": "nosniff",
  // Not no-referrer: browsers then send a form with the origin "null", which is taken for a forgery.
  "Referrer-Policy": "strict-origin",
} as const;

/** Nothing that is about a shop is kept by a browser or on the way; only assets have a cache. */
export const NOT_KEPT = "no-store";
