/**
 * The outside failing, as one family. app/shopify makes most of these, and a domain that cannot use
 * what Shopify answered may; only the job runner and the edge read them. A bug throws anything else;
 * an expected outcome is a returned union.
 */
export const errorCodes = [
  /** The stored access token cannot be opened: its key is not given, or it was changed. */
  "token-unreadable",
  /** No usable access token: the app is uninstalled or must be opened again. */
  "shopify-unauthorized",
  /** A scope or an approval is missing. */
  "shopify-access-denied",
  /** A webhook says that the app was removed, and Shopify's answer does not confirm it. */
  "departure-unconfirmed",
  /** The shop is frozen, locked or closed. */
  "shopify-shop-unavailable",
  /** Shopify kept throttling longer than we were ready to wait. */
  "shopify-throttled",
  /** Network failure or a 5xx, after retries. */
  "shopify-unreachable",
  /** Shopify refused the request as malformed: our operation and its schema disagree. */
  "shopify-rejected",
  /** A bulk operation ended without a result. */
  "shopify-bulk-failed",
  /** A result file or reply could not be read. */
  "shopify-unreadable",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class AppError extends Error {
  /** Stable, an i18n key under `errors`. */
  readonly code: ErrorCode;
  /** Whether trying again later, without a change by anybody, can succeed. */
  readonly retryable: boolean;

  /** @param message what was found and what would be right; no personal data, no secret. */
  constructor(code: ErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.retryable = options.retryable;
  }
}
