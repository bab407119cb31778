import { type Finding, ok, wrong } from "./finding.ts";

/** Tolerance of Shopify's library for the times of session tokens. */
const TOLERANCE_MS = 10_000;

/** The time of another clock, and when (by our clock) it was requested and received. */
export type Reading = { theirs: number; askedAt: number; receivedAt: number };

/**
 * Compares this machine's clock with another, allowing for the response time and the other clock's resolution.
 *
 * @param unitMs resolution of the other clock
 */
export function compareClocks(whose: string, reading: Reading, unitMs = 0): Finding {
  const { theirs, askedAt, receivedAt } = reading;
  const behind = Math.max(0, theirs - receivedAt);
  const ahead = Math.max(0, askedAt - (theirs + unitMs));
  const offMs = Math.max(behind, ahead);
  if (offMs <= TOLERANCE_MS) return ok("Clock", `within ${TOLERANCE_MS / 1000} s of ${whose}`);
  const found = `${Math.round(offMs / 1000)} s ${behind > 0 ? "behind" : "ahead of"} ${whose}`;
  const todo =
    "set this machine's clock (NTP): session tokens are valid for one minute, and refused otherwise";
  return wrong("Clock", { found, todo });
}
