/**
 * Codes of failures outside the app. Most are thrown in app/shopify, some in domains that cannot
 * use Shopify's reply; only the job runner and the edge handle them. Bugs throw other errors;
 * expected outcomes are returned as unions.
 */
export const errorCodes = [
  /** The stored access token cannot be unsealed: its key is missing, or it was changed. */
  "token-unreadable",
  /** No usable access token: the app is uninstalled or must be opened again. */
  "shopify-unauthorized",
  /** A scope or an approval is missing. */
  "shopify-access-denied",
  /** A webhook says that the app was removed, but Shopify's reply does not confirm it. */
  "departure-unconfirmed",
  /** The shop is frozen, locked or closed. */
  "shopify-shop-unavailable",
  /** Shopify throttled for longer than we wait. */
  "shopify-throttled",
  /** Network failure or a 5xx, after retries. */
  "shopify-unreachable",
  /** Shopify refused the request, for example because our operation does not fit its schema. */
  "shopify-rejected",
  /** A bulk operation ended without a result. */
  "shopify-bulk-failed",
  /** A result file or reply could not be read. */
  "shopify-unreadable",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class AppError extends Error {
  /** Stable: an i18n key under `errors`, and stored with failed jobs. */
  readonly code: ErrorCode;
  /** Whether a later retry can succeed without anyone changing anything. */
  readonly retryable: boolean;

  /** @param message what was found and what is expected; no personal data, no secret */
  constructor(code: ErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.retryable = options.retryable;
  }
}
