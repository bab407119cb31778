import type { ThrottleStatus } from "./throttle.ts";

/** How an attempt to call Shopify went wrong, as far as trying again is concerned. */
export type Failure =
  | { kind: "throttled"; requestedCost: number; status: ThrottleStatus | undefined }
  | { kind: "too-many-requests"; retryAfterMs: number | undefined }
  | { kind: "server"; retryAfterMs: number | undefined }
  | { kind: "network" };

const BASE_MS = 250;
const CAP_MS = 20_000;
const ATTEMPTS = 7;
/** Being throttled is no sign of trouble: the bucket fills for certain, so patience is long. */
const THROTTLED_ATTEMPTS = 30;
const THROTTLED_MS = 100;
const THROTTLED_CAP_MS = 5_000;

/**
 * How long to wait before the next attempt, in milliseconds; null when it is time to give up.
 *
 * @param attempt the number of attempts made so far, from 1
 * @param chance a number from 0 to 1; it spreads out callers that failed at the same moment
 */
export function retryDelay(failure: Failure, attempt: number, chance: number): number | null {
  if (failure.kind === "throttled") {
    if (attempt >= THROTTLED_ATTEMPTS) return null;
    // Shopify's figure, unless it turned out too small before; and never all together.
    const least = Math.min(THROTTLED_CAP_MS, THROTTLED_MS * 2 ** (attempt - 1));
    return Math.ceil(Math.max(throttledDelay(failure), least) * (1 + chance / 4));
  }
  if (attempt >= ATTEMPTS) return null;
  const backoff = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  // Between half and all of it: never at once, never all together.
  const spread = Math.ceil(backoff * (0.5 + chance / 2));
  const asked = "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
  return Math.max(spread, asked ?? 0);
}

function throttledDelay(failure: Extract<Failure, { kind: "throttled" }>): number {
  if (failure.status === undefined) return 1_000;
  const missing = failure.requestedCost - failure.status.currentlyAvailable;
  return (missing / failure.status.restoreRate) * 1000;
}

/** `Retry-After` in milliseconds; it comes in seconds or as a date. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether the failure says for certain that Shopify did nothing. */
export function isUndone(failure: Failure): boolean {
  return failure.kind === "throttled" || failure.kind === "too-many-requests";
}
