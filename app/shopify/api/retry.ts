import type { ThrottleStatus } from "./throttle.ts";

/** How a call to Shopify failed, as far as it matters for a retry. */
export type Failure =
  | { kind: "throttled"; requestedCost: number; status: ThrottleStatus | undefined }
  | { kind: "too-many-requests"; retryAfterMs: number | undefined }
  | { kind: "server"; retryAfterMs: number | undefined }
  | { kind: "network" };

const BASE_MS = 250;
const CAP_MS = 20_000;
const ATTEMPTS = 7;
/** More attempts when throttled, since the bucket is certain to refill. */
const THROTTLED_ATTEMPTS = 30;
const THROTTLED_MS = 100;
const THROTTLED_CAP_MS = 5_000;

/**
 * The backoff before the next attempt.
 *
 * @param attempt number of attempts made so far, from 1
 * @param chance random number from 0 to 1, for jitter
 * @returns milliseconds; null when there is no further attempt
 */
export function retryDelay(failure: Failure, attempt: number, chance: number): number | null {
  if (failure.kind === "throttled") {
    if (attempt >= THROTTLED_ATTEMPTS) return null;
    // The time by Shopify's figures, at least an exponential backoff, plus jitter.
    const least = Math.min(THROTTLED_CAP_MS, THROTTLED_MS * 2 ** (attempt - 1));
    return Math.ceil(Math.max(throttledDelay(failure), least) * (1 + chance / 4));
  }
  if (attempt >= ATTEMPTS) return null;
  const backoff = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  // Jitter: between half and all of the backoff.
  const spread = Math.ceil(backoff * (0.5 + chance / 2));
  const asked = "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
  return Math.max(spread, asked ?? 0);
}

function throttledDelay(failure: Extract<Failure, { kind: "throttled" }>): number {
  if (failure.status === undefined) return 1_000;
  const missing = failure.requestedCost - failure.status.currentlyAvailable;
  return (missing / failure.status.restoreRate) * 1000;
}

/** Parses `Retry-After`, seconds or a date, to milliseconds; undefined when missing or invalid. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether it is certain that Shopify did not carry out the call. */
export function isUndone(failure: Failure): boolean {
  return failure.kind === "throttled" || failure.kind === "too-many-requests";
}
